// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/constant/interpret.hpp"
#include "ashlar/expr/notation.hpp"
#include "ashlar/expr/term.hpp"
#include "ashlar/run/step_at.hpp"

#include <utility>

namespace ashlar::detail {

/// Sums along an axis of all that came before, products, or logarithms of sums of exponentials: one loop, which run
/// time and constant evaluation share. Operand: x, read where it lies.
template <> struct kind_rules<kind::cumulative> : common_rules {
    template <class Lowering> static constexpr void lower(Lowering& w, int s, int id) {
        w.begin(s, id, kind::cumulative);
        const shape& all = w.g.shape_of(id);
        const auto axis = static_cast<int>(w.g.attributes_of(id).value[0]);
        w.set_space(all);
        w.now.base.compute = w.g.nodes.data[id].type;
        const index* const a = w.g.attributes_of(id).value;
        w.now.base.own = {.walk = {.backwards = a[1] != 0, .what = static_cast<cumulation>(a[2])}};
        std::swap(w.now.base.extent[axis], w.now.base.extent[all.rank - 1]);  // the axis that is gone along comes last
        w.add_operand(w.fused.access_of(w.g.argument(id, 0)));
        w.results.push({id, 0, contiguous(all)});
        std::swap(w.loads.back().where.stride[axis], w.loads.back().where.stride[all.rank - 1]);
        std::swap(w.results.back().where.stride[axis], w.results.back().where.stride[all.rank - 1]);
        w.finish();
    }

    static constexpr bool same_kernel(const step& x, const step& y) { return x.own.walk == y.own.walk; }

    template <class Spec, int S> static void run(const step_operand* operands, const address* buffers) {
        add_up<type_at<Spec, S>, step_at<Spec, S>.own.walk.what>(step_at<Spec, S>, operands, buffers);
    }
    template <class Spec, int S> static constexpr entry entry_for() {
        return &add_up<type_at<Spec, S>, step_at<Spec, S>.own.walk.what>;
    }
    template <class Spec, int S>
    static constexpr void constant(const step& s, const step_operand* operands, const address* buffers) {
        add_up<type_at<Spec, S>, step_at<Spec, S>.own.walk.what>(s, operands, buffers);
    }
    template <class T, bool Mixed> static constexpr void interpret(const interpreted_step<T, Mixed>& at) {
        const cumulation what = at.s.own.walk.what;
        if (what == cumulation::sum) add_up<T, cumulation::sum>(at.s, at.operands, at.buffers);
        else if (what == cumulation::product) add_up<T, cumulation::product>(at.s, at.operands, at.buffers);
        else if constexpr (std::is_floating_point_v<T>) add_up<T, cumulation::logsumexp>(at.s, at.operands, at.buffers);
    }

    static constexpr const char* name(const step& s) {
        const cumulation what = s.own.walk.what;
        return what == cumulation::sum ? "cumsum" : what == cumulation::product ? "cumprod" : "cumlog";
    }
    static void space(text& t, const auto& p, const step& s) {
        const shape& all = p.graph.shapes[p.graph.of[s.node].extent];
        append_extents(t, all.extent, all.rank, "x");
    }
    static constexpr long long flops(const auto&, const step& s) {
        return s.elements(0, s.rank) * cost(s.own.walk.what);
    }
    static constexpr long long own_bytes(const auto& p, const step& s) {
        return operand_bytes(s.extent, p.operands[s.first_operand], s.rank, s.compute);
    }
    static constexpr long long node_flops(const op_record&, const shape& all, const shape&, const shape&,
                                          const attributes& a, int) {
        return all.size() * cost(static_cast<cumulation>(a.value[2]));
    }
    static text formula(const auto& listing, const step&, const term& node, int& at) {
        const auto axis = static_cast<int>(listing.attributes_of(node).value[0]);
        const shape& all = listing.argument_shape(node, 0);
        step_operand x = listing.operand_at(at++);
        std::swap(x.stride[axis], x.stride[all.rank - 1]);
        text t{node.name};
        t += "<", t.add(axis), t += ">(";
        t += listing.operand(x, all.extent, all.rank, false), t += ")";
        return t;
    }
    static void value(const auto& values, auto& v, const step& s, const term& node, int& at) {
        values.add(v, values.attributes_of(node).value, values.attributes_of(node).count);
        values.add(v, values.read(values.operand(at++), s.extent, s.rank));
    }

private:
    // As of logaddexp.
    static constexpr long long cost(cumulation what) { return what == cumulation::logsumexp ? 45 : 1; }

    // Some neighbours side by side: each sum waits for the one before it, and where they are columns, a row of them
    // lies together.
    static constexpr index abreast = 16;

    template <class T, cumulation What>
    static constexpr void add_up(const step& s, const step_operand* operands, const address* buffers) {
        for (int r = 1; r <= s.stores; ++r)
            kernels::for_each_index(s.extent, s.rank > 2 ? s.rank - 2 : 0, [&](const index* at) {
                step_operand from = operands[0], to = operands[r];
                for (int d = 0; d + 2 < s.rank; ++d)
                    from.offset += at[d] * from.stride[d], to.offset += at[d] * to.stride[d];
                if (s.own.walk.backwards) begin_at_the_end(s, from), begin_at_the_end(s, to);
                if (s.rank == 1) return go_along<T, What>(buffers, from, to, 0, 0, 1, s.extent[0]);
                for (index j = 0; j < s.extent[s.rank - 2]; j += abreast)
                    go_along<T, What>(buffers, from, to, s.rank - 1, j,
                                      j + abreast < s.extent[s.rank - 2] ? j + abreast : s.extent[s.rank - 2],
                                      s.extent[s.rank - 1]);
            });
    }
    static constexpr void begin_at_the_end(const step& s, step_operand& w) {
        w.offset += (s.extent[s.rank - 1] - 1) * w.stride[s.rank - 1], w.stride[s.rank - 1] = -w.stride[s.rank - 1];
    }
    template <cumulation What, class S> static constexpr S together(S so_far, S x) {
        if constexpr (What == cumulation::sum) return so_far + x;
        else if constexpr (What == cumulation::product) return so_far * x;
        else return kernels::logaddexp(so_far, x);
    }
    // Along an axis of n elements, for neighbours `begin` to `end` of the axis before it.
    template <class T, cumulation What>
    static constexpr void go_along(const address* buffers, const step_operand& from, const step_operand& to, int axis,
                                   index begin, index end, index n) {
        using sum = std::conditional_t<std::is_same_v<T, float>, double, kernels::summed<T>>;
        const index across_x = axis > 0 ? from.stride[axis - 1] : 0, across_y = axis > 0 ? to.stride[axis - 1] : 0;
        const T* const x = buffers[from.buffer].template as<T>();
        T* const y = buffers[to.buffer].template as<T>();
        sum sums[abreast]{};
        if constexpr (What == cumulation::product)
            for (sum& s : sums) s = 1;
        if constexpr (What == cumulation::logsumexp)
            for (sum& s : sums) s = -kernels::format<double>::infinity;
        for (index i = 0; i < n; ++i)
            for (index j = begin; j < end; ++j)
                sums[j - begin] = together<What>(
                    sums[j - begin], static_cast<sum>(x[from.offset + i * from.stride[axis] + j * across_x])),
                         y[to.offset + i * to.stride[axis] + j * across_y] = static_cast<T>(sums[j - begin]);
    }
};

}  // namespace ashlar::detail
