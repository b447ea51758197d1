// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/constant/interpret.hpp"
#include "ashlar/expr/notation.hpp"
#include "ashlar/expr/term.hpp"
#include "ashlar/run/step_at.hpp"

#include <utility>

namespace ashlar::detail {

/// The places of the elements of an axis in their order, or the first few of them: a heap in the memory of the result,
/// which run time and constant evaluation share. Operand: x, read where it lies.
template <> struct kind_rules<kind::ordering> : common_rules {
    template <class Lowering> static constexpr void lower(Lowering& w, int s, int id) {
        w.begin(s, id, kind::ordering);
        const shape &all = w.g.shape_of(w.g.argument(id, 0)), &result = w.g.shape_of(id);
        const auto axis = static_cast<int>(w.g.attributes_of(id).value[0]);
        w.set_space(result);
        w.now.base.own = {.walk = {.backwards = w.g.attributes_of(id).value[1] != 0, .length = all[axis]}};
        std::swap(w.now.base.extent[axis], w.now.base.extent[all.rank - 1]);  // the axis that is gone along comes last
        w.add_operand(w.fused.access_of(w.g.argument(id, 0)));
        assign(w.now.base.compute, w.storage_of(w.loads.back().root));
        w.results.push({id, 0, contiguous(result)});
        std::swap(w.loads.back().where.stride[axis], w.loads.back().where.stride[all.rank - 1]);
        std::swap(w.results.back().where.stride[axis], w.results.back().where.stride[all.rank - 1]);
        w.finish();
    }

    static constexpr bool same_kernel(const step& x, const step& y) { return x.own.walk == y.own.walk; }

    template <class Spec, int S> static void run(const step_operand* operands, const address* buffers) {
        put_in_order<type_at<Spec, S>>(step_at<Spec, S>, operands, buffers);
    }
    template <class Spec, int S> static constexpr entry entry_for() { return &put_in_order<type_at<Spec, S>>; }
    template <class Spec, int S>
    static constexpr void constant(const step& s, const step_operand* operands, const address* buffers) {
        put_in_order<type_at<Spec, S>>(s, operands, buffers);
    }
    template <class T, bool Mixed> static constexpr void interpret(const interpreted_step<T, Mixed>& at) {
        put_in_order<T>(at.s, at.operands, at.buffers);
    }

    static constexpr const char* name(const step&) { return "argsort"; }
    static void space(text& t, const auto& p, const step& s) {
        const shape& all = p.graph.shapes[p.graph.of[p.graph.of[s.node].argument[0]].extent];
        append_extents(t, all.extent, all.rank, "x");
    }
    static constexpr long long flops(const auto&, const step& s) {
        return s.elements(0, s.rank - 1) * s.own.walk.length;
    }
    static constexpr long long own_bytes(const auto& p, const step& s) {
        index extent[max_rank] = {};
        for (int d = 0; d < s.rank; ++d) extent[d] = d == s.rank - 1 ? s.own.walk.length : s.extent[d];
        return operand_bytes(extent, p.operands[s.first_operand], s.rank, s.compute);
    }
    static constexpr long long node_flops(const op_record&, const shape&, const shape& x, const shape&,
                                          const attributes&, int) {
        return x.size();
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
    /// One line of elements, and where the first `count` places go.
    template <class T> struct line {
        const T* x;
        index step_x;
        std::int32_t* y;
        index step_y, length, count;
        bool largest_first;

        // nan is larger than any number. Equal elements keep their order.
        static constexpr bool is_less(T a, T b) {
            if constexpr (std::is_floating_point_v<T>) return a < b || (a == a && b != b);
            else return a < b;
        }
        constexpr bool comes_before(std::int32_t a, std::int32_t b) const {
            const T at_a = x[a * step_x], at_b = x[b * step_x];
            const bool less = is_less(at_a, at_b), more = is_less(at_b, at_a);
            return less || more ? (largest_first ? more : less) : a < b;
        }
        constexpr std::int32_t& place(index i) const { return y[i * step_y]; }

        // What is at `i` goes down in the heap of n places, in which the last one in order is on top.
        constexpr void sink(index i, index n) const {
            const std::int32_t moved = place(i);
            for (index child = 2 * i + 1; child < n; child = 2 * i + 1) {
                if (child + 1 < n && comes_before(place(child), place(child + 1))) ++child;
                if (!comes_before(moved, place(child))) break;
                place(i) = place(child), i = child;
            }
            place(i) = moved;
        }
        constexpr void order() const {
            for (index i = 0; i < count; ++i) place(i) = static_cast<std::int32_t>(i);
            for (index i = count / 2; i > 0; --i) sink(i - 1, count);
            for (index i = count; i < length; ++i)
                if (comes_before(static_cast<std::int32_t>(i), place(0)))
                    place(0) = static_cast<std::int32_t>(i), sink(0, count);
            for (index n = count - 1; n > 0; --n) {
                const std::int32_t last = place(0);
                place(0) = place(n), place(n) = last;
                sink(0, n);
            }
        }
    };

    template <class T> static constexpr void put_in_order(const step& s, const step_operand* operands,
                                                          const address* buffers) {
        const int last = s.rank - 1;
        const step_operand& from = operands[0];
        for (int r = 1; r <= s.stores; ++r) {
            const step_operand& to = operands[r];
            kernels::for_each_index(s.extent, last, [&](const index* at) {
                index first_x = from.offset, first_y = to.offset;
                for (int d = 0; d < last; ++d) first_x += at[d] * from.stride[d], first_y += at[d] * to.stride[d];
                line<T>{buffers[from.buffer].template as<T>() + first_x,
                        from.stride[last],
                        buffers[to.buffer].template as<std::int32_t>() + first_y,
                        to.stride[last],
                        s.own.walk.length,
                        s.extent[last],
                        s.own.walk.backwards}
                    .order();
            });
        }
    }
};

}  // namespace ashlar::detail
