// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/constant/interpret.hpp"
#include "ashlar/expr/notation.hpp"
#include "ashlar/expr/term.hpp"
#include "ashlar/run/step_at.hpp"

namespace ashlar::detail {

/// Reads by an index along one axis, and adds or writes where an index points: one loop, which run time and constant
/// evaluation share. Its space is that of the index (gather), or of the result of a `take`: there one index is for all
/// that follows its axes, and if that lies together, whole rows are moved. Operands: x, the index, both read where they
/// lie; what the result begins as, where that is not zeros, or scratch.
template <> struct kind_rules<kind::indexed> : common_rules {
    template <class Lowering> static constexpr void lower(Lowering& w, int s, int id) {
        w.begin(s, id, kind::indexed);
        const node& n = w.g.nodes.data[id];
        const index_use use{w.g.attributes_of(id)};
        const int x = w.g.argument(id, 0), by = w.g.argument(id, n.count > 1 ? 1 : 0);
        const shape &result = w.g.shape_of(id), &places = w.g.shape_of(by), &from = w.g.shape_of(x);
        const bool reads = use.how == indexing::gather || use.how == indexing::pick;
        w.set_space(reads ? result : use.whole ? from : places);
        assign(w.now.base.compute, n.type);
        w.add_operand(w.fused.access_of(x));
        w.add_operand(w.fused.access_of(by));
        const dtype index_type = w.storage_of(w.loads.back().root);
        if (n.count > 2) w.add_operand(w.fused.access_of(w.g.argument(id, 2)));
        else w.add_scratch(use.how == indexing::last ? w.g.attributes_of(id).value[3] : 0, dtype::int32);
        w.results.push({id, 0, contiguous(result)});

        const int first = w.now.first_load;
        step_operand& pointed = reads ? w.loads.data[first].where : w.results.back().where;
        axis_walk walk{.how = use.how, .onto = n.count > 2, .index_type = index_type, .left_out = use.left_out};
        walk.length = use.how == indexing::last ? w.g.attributes_of(id).value[3] : (reads ? from : result)[use.axis];
        walk.size = reads ? 0 : result.size();
        if (use.how != indexing::last) walk.stride = pointed.stride[use.axis], pointed.stride[use.axis] = 0;
        if (use.whole) {
            spread(pointed, use.axis, places.rank);
            step_operand& index_operand = w.loads.data[first + 1].where;
            const step_operand lies = index_operand;
            for (int d = 0; d < max_rank; ++d)
                index_operand.stride[d] = d < use.axis || d >= use.axis + places.rank ? 0 : lies.stride[d - use.axis];
        }
        w.now.base.own = {.walk = walk};
        w.finish();
    }

    static constexpr bool same_kernel(const step& x, const step& y) { return x.own.walk == y.own.walk; }

    template <class Spec, int S> static void run(const step_operand* operands, const address* buffers) {
        entry_for<Spec, S>()(step_at<Spec, S>, operands, buffers);
    }
    template <class Spec, int S> static constexpr entry entry_for() {
        using index_type = element_t<step_at<Spec, S>.own.walk.index_type>;
        return &go<type_at<Spec, S>, index_type, step_at<Spec, S>.own.walk.how>;
    }
    template <class Spec, int S>
    static constexpr void constant(const step& s, const step_operand* operands, const address* buffers) {
        entry_for<Spec, S>()(s, operands, buffers);
    }
    template <class T, bool Mixed> static constexpr void interpret(const interpreted_step<T, Mixed>& at) {
        if (at.s.own.walk.index_type == dtype::int64) interpret_by<T, std::int64_t>(at);
        else interpret_by<T, std::int32_t>(at);
    }

    static constexpr const char* name(const step& s) {
        switch (s.own.walk.how) {
            case indexing::add: return "scatter";
            case indexing::put: return "put";
            case indexing::last: return "last";
            default: return "gather";
        }
    }
    static void space(text& t, const auto&, const step& s) { append_extents(t, s.extent, s.rank, "x"); }
    static constexpr long long flops(const auto&, const step& s) {
        return s.own.walk.how == indexing::add ? s.elements(0, s.rank) : 0;
    }
    // An element for each of the index, or of the rows that are moved; what begins as zeros is written whole.
    static constexpr long long own_bytes(const auto& p, const step& s) {
        const step_operand* const operands = p.operands + s.first_operand;
        const axis_walk& walk = s.own.walk;
        const long long moved = s.elements(0, s.rank) * element_bytes(s.compute),
                        written = operand_bytes(s.extent, operands[3], s.rank, s.compute);
        return (walk.how == indexing::last ? 0 : moved) +
               operand_bytes(s.extent, operands[1], s.rank, walk.index_type) +
               (walk.how == indexing::add || walk.how == indexing::put
                    ? (walk.onto ? moved : walk.size * element_bytes(s.compute)) - written
                    : 0);
    }
    static constexpr long long node_flops(const op_record&, const shape&, const shape& x, const shape&,
                                          const attributes& a, int) {
        return index_use{a}.how == indexing::add ? x.size() : 0;
    }
    static text formula(const auto& listing, const step& s, const term& node, int& at) {
        const index_use use{listing.attributes_of(node)};
        text t{node.name};
        t += "<", t.add(use.axis), t += ">(";
        for (int i = 0; i < node.count; ++i) {
            const shape& all = listing.argument_shape(node, i);
            t += i > 0 ? ", " : "";
            t += listing.operand(in_itself(s, use, listing.operand_at(at + i), i, node.count, all), all.extent,
                                 all.rank, false);
        }
        at += own_operands(s);
        return t += ")", t;
    }
    static void value(const auto& values, auto& v, const step& s, const term& node, int& at) {
        values.add(v, values.attributes_of(node).value, values.attributes_of(node).count);
        for (int i = 0; i < node.count; ++i) values.add(v, values.read(values.operand(at + i), s.extent, s.rank));
        at += own_operands(s);
    }

private:
    // The axes of an index, along which an operand does not move, in the place of the one that it points along.
    static constexpr void spread(step_operand& w, int axis, int places) {
        const step_operand lies = w;
        for (int d = axis; d < max_rank; ++d)
            w.stride[d] = d < axis + places || d - places + 1 >= max_rank ? 0 : lies.stride[d - places + 1];
    }

    // Operand i in the axes of its own argument.
    static constexpr step_operand in_itself(const step& s, const index_use& use, const step_operand& w, int i,
                                            int arguments, const shape& all) {
        const bool reads = use.how == indexing::gather || use.how == indexing::pick;
        step_operand own = w;
        if (i == 0 && reads) {
            const int places = use.whole ? s.rank - all.rank + 1 : 1;
            for (int d = use.axis + 1; d < all.rank; ++d) own.stride[d] = w.stride[d + places - 1];
            own.stride[use.axis] = s.own.walk.stride;
        } else if (i == 1 || arguments == 1) {
            for (int d = 0; use.whole && d < all.rank; ++d) own.stride[d] = w.stride[d + use.axis];
        }
        return own;
    }

    template <class T, class Index, bool Mixed>
    static constexpr void interpret_by(const interpreted_step<T, Mixed>& at) {
        switch (at.s.own.walk.how) {
            case indexing::gather: return go<T, Index, indexing::gather>(at.s, at.operands, at.buffers);
            case indexing::pick: return go<T, Index, indexing::pick>(at.s, at.operands, at.buffers);
            case indexing::add: return go<T, Index, indexing::add>(at.s, at.operands, at.buffers);
            case indexing::put: return go<T, Index, indexing::put>(at.s, at.operands, at.buffers);
            default: return go<T, Index, indexing::last>(at.s, at.operands, at.buffers);
        }
    }

    template <class T, class Index, indexing How>
    static constexpr void go(const step& s, const step_operand* operands, const address* buffers) {
        for (int r = 3; r < 3 + s.stores; ++r) {
            T* const y = buffers[operands[r].buffer].template as<T>();
            if constexpr (How == indexing::last) {
                if constexpr (std::is_same_v<T, std::int32_t>)
                    find_last<Index>(s, operands, buffers, y + operands[r].offset);
            } else {
                if constexpr (How == indexing::add || How == indexing::put)
                    begin(s, y + operands[r].offset, operands[2], buffers);
                move<How>(s, operands, operands[r], buffers[operands[0].buffer].template as<T>(),
                          buffers[operands[1].buffer].template as<Index>(), y);
            }
        }
    }

    // Zeros, or what the result begins as, unless that is its own memory.
    template <class T>
    static constexpr void begin(const step& s, T* y, const step_operand& base, const address* buffers) {
        if (!s.own.walk.onto) {
            for (index i = 0; i < s.own.walk.size; ++i) y[i] = T{};
        } else if (const T* const x = buffers[base.buffer].template as<T>() + base.offset; x != y) {
            copy(y, x, s.own.walk.size);
        }
    }
    template <class T> static constexpr void copy(T* y, const T* x, index n) {
        if (__builtin_is_constant_evaluated())
            for (index i = 0; i < n; ++i) y[i] = x[i];
        else __builtin_memcpy(y, x, static_cast<std::size_t>(n) * sizeof(T));
    }

    template <indexing How, class T, class Index>
    static constexpr void move(const step& s, const step_operand* operands, const step_operand& to, const T* x,
                               const Index* by, T* y) {
        constexpr bool reads = How == indexing::gather || How == indexing::pick;
        const axis_walk& walk = s.own.walk;
        // The last axes, as far as one index is for all of them and both sides lie together.
        int inner = s.rank;
        index run = 1;
        for (; inner > 0; run *= s.extent[--inner])
            if (s.extent[inner - 1] != 1 && (operands[1].stride[inner - 1] != 0 ||
                                             operands[0].stride[inner - 1] != run || to.stride[inner - 1] != run))
                break;
        const int outer = inner > 0 ? inner - 1 : 0;
        const index n = inner > 0 ? s.extent[outer] : 1, step_x = inner > 0 ? operands[0].stride[outer] : 0,
                    step_by = inner > 0 ? operands[1].stride[outer] : 0, step_y = inner > 0 ? to.stride[outer] : 0;
        kernels::for_each_index(s.extent, outer, [&](const index* at) {
            index from_x = operands[0].offset, from_by = operands[1].offset, from_y = to.offset;
            for (int d = 0; d < outer; ++d)
                from_x += at[d] * operands[0].stride[d], from_by += at[d] * operands[1].stride[d],
                    from_y += at[d] * to.stride[d];
            for (index i = 0; i < n; ++i) {
                const auto place = static_cast<index>(by[from_by + i * step_by]);
                const bool inside =
                    place >= 0 && place < walk.length && (How == indexing::gather || place != walk.left_out);
                const index to_x = from_x + i * step_x + (reads && inside ? place * walk.stride : 0),
                            to_y = from_y + i * step_y + (!reads && inside ? place * walk.stride : 0);
                if constexpr (reads) {
                    if (!inside)
                        for (index k = 0; k < run; ++k) y[to_y + k] = How == indexing::gather ? nothing<T>() : T{};
                    else if (run == 1) y[to_y] = x[to_x];
                    else copy(y + to_y, x + to_x, run);
                } else if (inside) {
                    if (How == indexing::add) add(y + to_y, x + to_x, run);
                    else copy(y + to_y, x + to_x, run);
                }
            }
        });
    }

    template <class T> static constexpr T nothing() {
        if constexpr (std::is_floating_point_v<T>) return static_cast<T>(__builtin_nan(""));
        else return T{};
    }

    template <class T> static constexpr void add(T* y, const T* x, index n) {
        index i = 0;
        if constexpr (std::is_floating_point_v<T>)
            if (!__builtin_is_constant_evaluated())
                for (; i + kernels::lanes<T> <= n; i += kernels::lanes<T>)
                    kernels::store<T>(y + i, kernels::load<T>(y + i) + kernels::load<T>(x + i));
        for (; i < n; ++i)
            y[i] = static_cast<T>(static_cast<kernels::summed<T>>(y[i]) + static_cast<kernels::summed<T>>(x[i]));
    }

    // A table of the places that point at each element; only what is written here is read.
    template <class Index>
    static constexpr void find_last(const step& s, const step_operand* operands, const address* buffers,
                                    std::int32_t* y) {
        const Index* const by = buffers[operands[1].buffer].template as<Index>();
        std::int32_t* const table = buffers[operands[2].buffer].template as<std::int32_t>() + operands[2].offset;
        for (const bool writes : {true, false}) {
            std::int32_t place = 0;
            kernels::for_each_index(s.extent, s.rank, [&](const index* at) {
                index from = operands[1].offset;
                for (int d = 0; d < s.rank; ++d) from += at[d] * operands[1].stride[d];
                const auto to = static_cast<index>(by[from]);
                const bool inside = to >= 0 && to < s.own.walk.length;
                if (writes && inside) table[to] = place;
                if (!writes) y[place] = inside ? table[to] : no_index;
                ++place;
            });
        }
    }
};

}  // namespace ashlar::detail
