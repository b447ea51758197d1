// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/compare.hpp"
#include "ashlar/ops/div.hpp"
#include "ashlar/ops/sum.hpp"
#include "ashlar/ops/where.hpp"

namespace ashlar {

/// The index of the largest (smallest) element along an axis, or in row-major order of all axes; int32, no derivative.
/// Edges: the first of equal ones, the first nan if there is one.
struct argmax_op : reduction {
    static constexpr const char* name = "argmax";
    static constexpr reducer how = reducer::argmax;
    static constexpr dtype result_type(const attributes&, dtype) { return dtype::int32; }
};
struct argmin_op : reduction {
    static constexpr const char* name = "argmin";
    static constexpr reducer how = reducer::argmin;
    static constexpr dtype result_type(const attributes&, dtype) { return dtype::int32; }
};

template <auto... Options, operand X> constexpr reduced<argmax_op, X, Options...> argmax(X&& x) {
    return reduce<argmax_op, Options...>(std::forward<X>(x));
}
template <auto... Options, operand X> constexpr reduced<argmin_op, X, Options...> argmin(X&& x) {
    return reduce<argmin_op, Options...>(std::forward<X>(x));
}

namespace detail {

// 0, 1, ... along one axis of a shape, broadcasting over the others.
constexpr value range_along(graph& g, const shape& s, int axis) {
    shape line{};
    line.rank = s.rank - axis;
    line.extent[0] = s[axis];
    return reshape_value({&g, g.range(s[axis], dtype::int32)}, line);
}

// Which elements an extremum along the axes in `mask` came from: the one that argmax returns where it is one axis,
// all equal ones, each with its share, where there are more (PyTorch's max(dim) and amax).
template <class ArgOp> constexpr value pull_back_extremum(auto g, auto y, auto x, index mask) {
    int axis = -1, axes = 0;
    for (int i = 0; i < x.extents().rank; ++i)
        if ((mask >> i & 1) != 0) axis = i, ++axes;
    if (axes == 1) {
        const auto chosen = reduce_value<ArgOp>(x, static_cast<int>(mask), 0);
        return where(eq(range_along(*x.g, x.extents(), axis), chosen), g, 0);
    }
    const auto equal = eq(x, y);
    return where(equal, g / reduce_value<sum_op>(where(equal, decltype(x){x.g, x.g->constant(1, x.type())}, 0), static_cast<int>(mask), 0), 0);
}

}  // namespace detail

/// The largest element over axes. Derivative: g to the one element that argmax returns where one axis is reduced
/// (PyTorch's max over a dimension), shared equally between ties where several are (amax). Edges: nan spreads.
struct max_op : reduction {
    static constexpr const char* name = "max";
    static constexpr reducer how = reducer::maximum;
    static constexpr value pullback(auto g, auto y, auto x, index mask) { return detail::pull_back_extremum<argmax_op>(g, y, x, mask); }
};
/// The smallest element over axes; otherwise as `max`.
struct min_op : reduction {
    static constexpr const char* name = "min";
    static constexpr reducer how = reducer::minimum;
    static constexpr value pullback(auto g, auto y, auto x, index mask) { return detail::pull_back_extremum<argmin_op>(g, y, x, mask); }
};

// In parentheses: max(a, b) and min(a, b) are macros of <windows.h>.
template <auto... Options, operand X> constexpr reduced<max_op, X, Options...> (max)(X&& x) {
    return reduce<max_op, Options...>(std::forward<X>(x));
}
template <auto... Options, operand X> constexpr reduced<min_op, X, Options...> (min)(X&& x) {
    return reduce<min_op, Options...>(std::forward<X>(x));
}

}  // namespace ashlar
