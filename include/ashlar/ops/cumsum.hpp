// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/expand.hpp"
#include "ashlar/ops/reduction.hpp"
#include "ashlar/ops/to.hpp"

namespace ashlar {

/// The kind of ops that go along an axis and write at each place what has come together so far.
/// Attributes: the axis; whether they begin at its end.
struct cumulative {
    template <class Attributes, class S> using fault = void;
    static constexpr shape infer(const attributes&, const shape& x) { return x; }
    static constexpr dtype result_type(const attributes&, dtype x) { return reduction::accumulated(x); }

    template <class Op> static constexpr void pull_back(graph& graph, int y, int g, int* to) {
        attributes a = graph.attributes_of(y);
        a.value[1] = 1 - a.value[1];
        *to = apply_values<typename Op::adjoint>(a, expand_value({&graph, g}, graph.shape_of(y))).id;
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
    using adjoint = reverse_cumsum_op;
};
/// The derivative of cumsum: the sums from each element to the last one.
struct reverse_cumsum_op : cumulative {
    static constexpr const char* name = "reverse_cumsum";
    using adjoint = cumsum_op;
};

template <int Axis, operand X> constexpr auto cumsum(X&& x) {
    if constexpr (is_poison<X>) {
        return absorbed<X>{};
    } else if constexpr (!std::is_void_v<detail::reduction_fault<X, Axis>>) {
        if constexpr (detail::in_a_body<X>) {
            return deferred<detail::reduction_fault<X, Axis>>{};
        } else {
            poison& fault = refused<detail::reduction_fault<X, Axis>>;
            return fault;
        }
    } else {
        constexpr int rank = std::remove_cvref_t<X>::extent.rank;
        return apply<cumsum_op, static_attributes<(Axis < 0 ? Axis + rank : Axis), 0>>(std::forward<X>(x));
    }
}

}  // namespace ashlar
