// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/expand.hpp"
#include "ashlar/ops/reduction.hpp"
#include "ashlar/ops/to.hpp"

namespace ashlar {

/// The kind of ops that go along an axis and write at each place what has come together so far.
/// Attributes: the axis; whether they begin at its end; what comes together: sums, products (1), logsumexp (2).
struct cumulative {
    template <class Attributes, class S> using fault = void;
    static constexpr shape infer(const attributes&, const shape& x) { return x; }
    static constexpr dtype result_type(const attributes&, dtype x) { return reduction::accumulated(x); }
    static constexpr attributes reversed(attributes a) { return a.value[1] = 1 - a.value[1], a; }

    template <class Op> static constexpr void pull_back(graph& graph, int y, int g, int* to) {
        using V = value_for<Op>;
        const V full = expand_value({&graph, g}, graph.shape_of(y));
        *to = Op::pullback(full, V{&graph, y}, V{&graph, graph.argument(y, 0)}, graph.attributes_of(y)).id;
    }
    // Kernels read the argument in the type of the result. Along an axis of one element nothing comes together.
    template <class Op> static constexpr int simplify(graph& graph, const int* x, const attributes& a) {
        const dtype type = result_type(a, graph.type_of(x[0]));
        const bool alone = graph.shape_of(x[0])[static_cast<int>(a.value[0])] == 1;
        if (are_same(graph.type_of(x[0]), type)) return alone ? x[0] : no_index;
        const value converted = detail::to_type<value_for<Op>>({&graph, x[0]}, type);
        return alone ? converted.id : apply_values<Op>(a, converted).id;
    }
    template <class Op> static consteval op_record describe() {
        return {.name = Op::name,
                .id = hash_type<Op>(),
                .what = kind::cumulative,
                .differentiable = true,
                .simplifies = true,
                .pullback = &pull_back<Op>,
                .simplify = &simplify<Op>};
    }
};

struct reverse_cumsum_op;

/// The sums of all elements up to each one, along an axis: `cumsum<0>(x)` of 1, 2, 3 is 1, 3, 6.
/// Value: y[i] = x[0] + ... + x[i]. Derivative: dx[i] = g[i] + ... + g[n - 1]. Of whole numbers and bool it is int64,
/// and wraps. Edges: from an inf or nan on all are inf or nan. Error of float: one rounding, as it adds up in double.
struct cumsum_op : cumulative {
    static constexpr const char* name = "cumsum";
    static constexpr value pullback(auto g, auto, auto, const attributes& a) {
        return apply_values<dependent<reverse_cumsum_op, decltype(g)>>(reversed(a), g);
    }
};
/// The derivative of cumsum: the sums from each element to the last one.
struct reverse_cumsum_op : cumulative {
    static constexpr const char* name = "reverse_cumsum";
    static constexpr value pullback(auto g, auto, auto, const attributes& a) {
        return apply_values<cumsum_op>(reversed(a), g);
    }
};

namespace detail {

template <class Op, int Axis, index What, class X> constexpr auto cumulate(X&& x) {
    if constexpr (is_poison<X>) {
        return absorbed<X>{};
    } else if constexpr (!std::is_void_v<reduction_fault<X, Axis>>) {
        return fault_of_operands<reduction_fault<X, Axis>, X>{};
    } else {
        constexpr int rank = std::remove_cvref_t<X>::extent.rank;
        return apply<Op, static_attributes<(Axis < 0 ? Axis + rank : Axis), 0, What>>(std::forward<X>(x));
    }
}
template <class Op, int Axis, index What, class X>
using cumulated = checked<decltype(cumulate<Op, Axis, What>(std::declval<X>()))>;

}  // namespace detail

template <int Axis, operand X> constexpr detail::cumulated<cumsum_op, Axis, 0, X> cumsum(X&& x) {
    return detail::cumulate<cumsum_op, Axis, 0>(std::forward<X>(x));
}

}  // namespace ashlar
