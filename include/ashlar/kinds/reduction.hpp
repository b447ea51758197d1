// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/constant/interpret.hpp"
#include "ashlar/expr/notation.hpp"
#include "ashlar/expr/term.hpp"
#include "ashlar/run/step_at.hpp"

namespace ashlar::detail {

/// Sums, products, extrema and where these are: a loop over what is combined, and an epilogue on what comes out.
template <> struct kind_rules<kind::reduction> : common_rules {
    // The step whose results, or what is made of them element by element, it combines as they come: the rows of a
    // product, the planes of each channel of windows.
    static constexpr int taken_by(const auto& hosts, int id) {
        const auto& f = hosts.fused();
        const int x = f.g.argument(id, 0);
        typename std::remove_cvref_t<decltype(hosts)>::externals e{};
        hosts.gather(e, id, x);
        if (e.latest < 0 || !e.aligned || f.taker.data[e.latest] >= 0 || f.g.nodes.data[id].op->how >= reducer::argmax)
            return no_index;
        const int first = f.leader.data[e.latest];
        if (f.g.nodes.data[first].extent != f.g.nodes.data[x].extent ||
            !are_same(f.g.nodes.data[id].type, f.g.nodes.data[first].type))
            return no_index;
        return hosts.combines(first, id) ? e.latest : no_index;
    }

    template <class Lowering> static constexpr void lower(Lowering& w, int s, int id) {
        w.begin(s, id, kind::reduction);
        step& b = w.now.base;
        const int x = w.g.argument(id, 0);
        const shape in = w.g.shape_of(x);
        const auto reduced = static_cast<int>(w.g.attributes_of(id).value[0]),
                   dropped = static_cast<int>(w.g.attributes_of(id).value[1]);
        b.how = w.g.nodes.data[id].op->how;
        w.set_space(in);
        b.first_code = w.code.size();
        b.result = w.register_of(x);
        b.codes = w.code.size() - b.first_code;
        assign(b.compute, combined_in(w, id, in.size()));
        // Axes in the order that the kernel walks them: kept, then reduced.
        int order[max_rank] = {}, axes = 0;
        for (int i = 0; i < in.rank; ++i)
            if ((reduced >> i & 1) == 0) order[axes++] = i;
        b.kept = axes;
        for (int i = 0; i < in.rank; ++i)
            if ((reduced >> i & 1) != 0) order[axes++] = i;
        for (int i = 0; i < in.rank; ++i) b.extent[i] = in[order[i]];
        for (int l = w.now.first_load; l < w.loads.size(); ++l) reorder(w.loads.data[l].where, order, in.rank);
        // Of rows too short for a vector, neighbours are reduced together.
        const bool short_rows = in[in.rank - 1] <= 4 && w.now.block < 0 && b.kept > 0 && b.extent[b.kept - 1] >= 4;
        const bool across = (reduced >> (in.rank - 1) & 1) == 0 || short_rows;
        b.inner_kept = b.kept > 0 && across && b.how < reducer::argmax;
        const int first_epilogue_load = w.loads.size();

        // The epilogue runs over the kept axes; `out` says where each of them is in the result's shape.
        w.now.has_epilogue = true;
        b.first_epilogue = w.code.size();
        w.begin_body();
        w.accumulator = id;
        const shape out = w.g.shape_of(id);
        w.space_rank = out.rank;
        w.compute_hosted(s);
        b.epilogues = w.code.size() - b.first_epilogue;
        int axis_of_kept[max_rank] = {}, at = 0, kept = 0;
        for (int i = 0; i < in.rank; ++i) {
            if ((reduced >> i & 1) == 0) axis_of_kept[kept++] = at;
            if ((dropped >> i & 1) == 0) ++at;
        }
        for (int l = first_epilogue_load; l < w.loads.size(); ++l) reorder(w.loads.data[l].where, axis_of_kept, b.kept);
        for (int r = w.now.first_result; r < w.results.size(); ++r)
            reorder(w.results.data[r].where, axis_of_kept, b.kept);
        w.collapse(b.kept, b.rank, w.now.first_load, w.results.size(), first_epilogue_load);
        if (b.rank == b.kept) b.extent[b.rank++] = 1;  // a reduced axis of extent 1 stays for argmax
        w.collapse_kept();
        w.settle(b.first_code, b.codes, w.now.first_load, b.inner_kept ? b.kept - 1 : b.rank - 1);
        w.settle(b.first_epilogue, b.epilogues, first_epilogue_load, b.kept - 1);
        w.finish();
    }

    template <class Spec, int S> ASHLAR_INLINE static void run(const step_operand* operands, const address* buffers) {
        constexpr step s = step_at<Spec, S>;
        reduce_kernel<axes_at<Spec, S>, type_at<Spec, S>, inner_body<Spec, S>, epilogue_body<Spec, S>, s.how,
                      s.inner_kept>(step_at<Spec, S>, operands, buffers);
    }
    template <class Spec, int S> static constexpr entry entry_for() {
        constexpr step s = step_at<Spec, S>;
        return &reduce_entry<type_at<Spec, S>, inner_body<Spec, S>, epilogue_body<Spec, S>, s.how, s.inner_kept>;
    }

    template <class Spec, int S>
    static constexpr void constant(const step& s, const step_operand* operands, const address* buffers) {
        using T = type_at<Spec, S>;
        using body = constant_body<inner_body<Spec, S>, T>;
        constexpr reducer how = step_at<Spec, S>.how;
        if constexpr (picks(how))
            arg_reduce_constant<picks_largest(how)>(
                s, body{buffers, operands, s.rank - 1},
                constant_body<epilogue_body<Spec, S>, std::int32_t>{buffers, operands + body::loads, 0});
        else
            reduce_constant<typename combiner<how>::type>(
                s, body{buffers, operands, s.rank - 1},
                constant_body<epilogue_body<Spec, S>, T>{buffers, operands + body::loads, 0});
    }
    template <class T, bool Mixed> static constexpr void interpret(const interpreted_step<T, Mixed>& at) {
        const auto body = at.inner(at.operands, at.s.rank - 1);
        const step_operand* const after = at.operands + body.loads;
        switch (at.s.how) {
            case reducer::argmax:
                return arg_reduce_constant<true>(at.s, body, at.template epilogue<std::int32_t>(after, 0));
            case reducer::argmin:
                return arg_reduce_constant<false>(at.s, body, at.template epilogue<std::int32_t>(after, 0));
            default:
                with_combiner(at.s.how, [&]<class How>(How) {
                    reduce_constant<How>(at.s, body, at.template epilogue<T>(after, 0));
                });
        }
    }

    static constexpr const char* name(const step&) { return "reduce"; }
    static void space(text& t, const auto&, const step& s) {
        append_extents(t, s.extent, s.kept, "x");
        t += "[", append_extents(t, s.extent + s.kept, s.rank - s.kept, "x"), t += "]";
    }
    static constexpr long long flops(const auto& p, const step& s) {
        return s.elements(0, s.rank) * (p.inner_flops(s) + 1) + s.elements(0, s.kept) * p.epilogue_flops(s);
    }
    static constexpr long long node_flops(const op_record&, const shape&, const shape& x, const shape&,
                                          const attributes&, int) {
        return x.size();
    }
    static text formula(auto& listing, const step& s, const term& node, int& at) {
        return listing.reduced(s, node, at);
    }

private:
    static constexpr bool picks_largest(reducer how) { return how == reducer::argmax; }
    static constexpr bool picks(reducer how) { return picks_largest(how) || how == reducer::argmin; }

    // In which type elements are combined: that of the result. Truth values are counted in int32 where that has room
    // for all of them; their extremum, and that of an index, needs no type but their own.
    static constexpr dtype combined_in(const auto& w, int id, index elements) {
        const dtype x = w.g.nodes.data[w.g.argument(id, 0)].type;
        const bool adds = w.now.base.how <= reducer::product;
        if (is_boolean(x) && !adds) return w.in_body(w.now.base.result).type;
        if (is_boolean(x) && elements <= std::int64_t{1} << 30) return dtype::int32;
        return register_type(adds ? w.g.nodes.data[id].type : x);
    }

    // A kernel; as a function of its own its name says what it computes, not for whom.
    template <class Axes, class T, auto G, auto E, reducer How, bool Columns>
    ASHLAR_INLINE static void reduce_kernel(const step& s, const step_operand* operands, const address* buffers) {
        if constexpr (picks(How)) arg_reduce<Axes, T, G, E, picks_largest(How)>(s, operands, buffers);
        else if constexpr (Columns) reduce_columns<Axes, T, G, E, How>(s, operands, buffers);
        else reduce_rows<Axes, T, G, E, How>(s, operands, buffers);
    }
    template <class T, auto G, auto E, reducer How, bool Columns>
    ASHLAR_FLATTEN static void reduce_entry(const step& s, const step_operand* operands, const address* buffers) {
        reduce_kernel<axes_of_step, T, G, E, How, Columns>(s, operands, buffers);
    }
};

}  // namespace ashlar::detail
