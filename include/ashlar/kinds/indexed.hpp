// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/constant/interpret.hpp"
#include "ashlar/expr/notation.hpp"
#include "ashlar/expr/term.hpp"
#include "ashlar/run/step_at.hpp"

#include <utility>

namespace ashlar::detail {

/// Gathers by an index along one axis, and adds where an index points: one loop over the index, which run time and
/// constant evaluation share. Operands: x, the index, both read where they lie.
template <> struct kind_rules<kind::indexed> : common_rules {
    template <class Lowering> static constexpr void lower(Lowering& w, int s, int id) {
        w.begin(s, id, kind::indexed);
        const int x = w.g.argument(id, 0), by = w.g.argument(id, 1);
        const attributes& a = w.g.attributes_of(id);
        const int axis = static_cast<int>(a.value[0]), last = w.g.shape_of(by).rank - 1;
        const shape& result = w.g.shape_of(id);
        step& b = w.now.base;
        w.set_space(w.g.shape_of(by));
        std::swap(b.extent[axis], b.extent[last]);  // the axis that is gone along comes last
        assign(b.compute, w.g.nodes.data[id].type);
        const bool adds = a.count > 1;
        b.own = {.walk = {.adds = adds, .length = adds ? result[axis] : w.g.shape_of(x)[axis], .size = result.size()}};
        w.add_operand(w.fused.access_of(x));
        w.add_operand(w.fused.access_of(by));
        assign(b.own.walk.index_type, w.storage_of(w.loads.back().root));
        w.results.push({id, 0, contiguous(result)});
        for (int l = w.now.first_load; l < w.loads.size(); ++l)
            std::swap(w.loads.data[l].where.stride[axis], w.loads.data[l].where.stride[last]);
        std::swap(w.results.back().where.stride[axis], w.results.back().where.stride[last]);
        w.finish();
    }

    static constexpr bool same_kernel(const step& x, const step& y) { return x.own.walk == y.own.walk; }

    template <class Spec, int S> static void run(const step_operand* operands, const address* buffers) {
        entry_for<Spec, S>()(step_at<Spec, S>, operands, buffers);
    }
    template <class Spec, int S> static constexpr entry entry_for() {
        using index_type = element_t<step_at<Spec, S>.own.walk.index_type>;
        return &go<type_at<Spec, S>, index_type, step_at<Spec, S>.own.walk.adds>;
    }
    template <class Spec, int S>
    static constexpr void constant(const step& s, const step_operand* operands, const address* buffers) {
        entry_for<Spec, S>()(s, operands, buffers);
    }
    template <class T, bool Mixed> static constexpr void interpret(const interpreted_step<T, Mixed>& at) {
        const bool wide = at.s.own.walk.index_type == dtype::int64;
        const entry kernel = at.s.own.walk.adds ? (wide ? &go<T, std::int64_t, true> : &go<T, std::int32_t, true>)
                                                : (wide ? &go<T, std::int64_t, false> : &go<T, std::int32_t, false>);
        kernel(at.s, at.operands, at.buffers);
    }

    static constexpr const char* name(const step& s) { return s.own.walk.adds ? "scatter" : "gather"; }
    static void space(text& t, const auto& p, const step& s) {
        const shape& all = p.graph.shapes[p.graph.of[p.graph.of[s.node].argument[1]].extent];
        append_extents(t, all.extent, all.rank, "x");
    }
    static constexpr long long flops(const auto&, const step& s) { return s.own.walk.adds ? s.elements(0, s.rank) : 0; }
    // An element of x for each of the index; what is added to is written whole.
    static constexpr long long own_bytes(const auto& p, const step& s) {
        const step_operand* const operands = p.operands + s.first_operand;
        const long long written = operand_bytes(s.extent, operands[2], s.rank, s.compute);
        return s.elements(0, s.rank) * element_bytes(s.compute) +
               operand_bytes(s.extent, operands[1], s.rank, s.own.walk.index_type) +
               (s.own.walk.adds ? s.own.walk.size * element_bytes(s.compute) - written : 0);
    }
    static constexpr long long node_flops(const op_record&, const shape&, const shape& x, const shape&,
                                          const attributes& a, int) {
        return a.count > 1 ? x.size() : 0;
    }
    static text formula(const auto& listing, const step&, const term& node, int& at) {
        const auto axis = static_cast<int>(listing.attributes_of(node).value[0]);
        text t{node.name};
        t += "<", t.add(axis), t += ">(";
        for (int i = 0; i < 2; ++i) {
            const shape& s = listing.argument_shape(node, i);
            step_operand w = listing.operand_at(at++);
            std::swap(w.stride[axis], w.stride[s.rank - 1]);
            t += i > 0 ? ", " : "", t += listing.operand(w, s.extent, s.rank, false);
        }
        return t += ")", t;
    }
    static void value(const auto& values, auto& v, const step& s, const term& node, int& at) {
        values.add(v, values.attributes_of(node).value, values.attributes_of(node).count);
        for (int i = 0; i < 2; ++i) values.add(v, values.read(values.operand(at++), s.extent, s.rank));
    }

private:
    template <class T> static constexpr T nothing() {
        if constexpr (std::is_floating_point_v<T>) return static_cast<T>(__builtin_nan(""));
        else return T{};
    }

    template <class T, class Index, bool Adds>
    static constexpr void go(const step& s, const step_operand* operands, const address* buffers) {
        const int last = s.rank - 1;
        const T* const x = buffers[operands[0].buffer].template as<T>();
        const Index* const by = buffers[operands[1].buffer].template as<Index>();
        for (int r = 2; r < 2 + s.stores; ++r) {
            T* const y = buffers[operands[r].buffer].template as<T>();
            for (index i = 0; Adds && i < s.own.walk.size; ++i) y[operands[r].offset + i] = T{};
            kernels::for_each_index(s.extent, last, [&](const index* at) {
                index first[3] = {operands[0].offset, operands[1].offset, operands[r].offset};
                for (int d = 0; d < last; ++d)
                    first[0] += at[d] * operands[0].stride[d], first[1] += at[d] * operands[1].stride[d],
                        first[2] += at[d] * operands[r].stride[d];
                const index step_x = operands[0].stride[last], step_y = operands[r].stride[last];
                for (index i = 0; i < s.extent[last]; ++i) {
                    const Index to = by[first[1] + i * operands[1].stride[last]];
                    const bool inside = to >= 0 && to < s.own.walk.length;
                    if constexpr (!Adds) y[first[2] + i * step_y] = inside ? x[first[0] + to * step_x] : nothing<T>();
                    else if (inside) add(y[first[2] + to * step_y], x[first[0] + i * step_x]);
                }
            });
        }
    }
    template <class T> static constexpr void add(T& to, T x) {
        to = static_cast<T>(static_cast<kernels::summed<T>>(to) + static_cast<kernels::summed<T>>(x));
    }
};

}  // namespace ashlar::detail
