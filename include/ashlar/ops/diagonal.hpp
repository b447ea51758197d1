// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/compare.hpp"
#include "ashlar/ops/flip.hpp"
#include "ashlar/ops/sub.hpp"
#include "ashlar/ops/where.hpp"

namespace ashlar {

template <class Operand, index Offset, int... Axes> struct diagonal_lies_outside : refusal {};
template <class Operand, int... Axes> struct diagonal_takes_two_axes : refusal {};
template <class Operand> struct trace_takes_a_matrix : refusal {};
template <class Operand> struct a_triangle_needs_two_axes : refusal {};

namespace detail {

/// A diagonal as a slice of the two axes joined.
struct diagonal_slice {
    index start = 0, length = 0;
};
constexpr diagonal_slice diagonal_of(index rows, index columns, index offset) {
    const index below = offset < 0 ? -offset : 0, right = offset < 0 ? 0 : offset;
    const index high = rows - below, wide = columns - right;
    return {below * columns + right, high < wide ? high : wide};
}
constexpr index transposed_offset(bool turned, index offset) { return turned ? -offset : offset; }

template <index Offset, int First, int Second> struct diagonal_body {
    template <class X> static constexpr auto fault() {
        if constexpr (!std::is_void_v<reduction_fault<X, First, Second>>) {
            return reduction_fault<X, First, Second>();
        } else {
            constexpr shape s = std::remove_cvref_t<X>::extent;
            constexpr int a = First < 0 ? First + s.rank : First, b = Second < 0 ? Second + s.rank : Second;
            if constexpr (a == b) return diagonal_takes_two_axes<shape_t<X>, First, Second>{};
            else if constexpr (diagonal_of(s[a], s[b], Offset).length < 1)
                return diagonal_lies_outside<shape_t<X>, Offset, First, Second>{};
        }
    }
    template <class X> constexpr auto operator()(const X& x) const {
        constexpr shape s = X::extent;
        constexpr int a = First < 0 ? First + s.rank : First, b = Second < 0 ? Second + s.rank : Second;
        constexpr int rows = a < b ? a : b, columns = a < b ? b : a;
        // Two axes that are neighbours lie as one, along which the diagonal has a stride of its own.
        if constexpr (columns != rows + 1) {
            return diagonal_body<transposed_offset(a > b, Offset), rows, rows + 1>{}(movedim<columns, rows + 1>(x));
        } else {
            constexpr diagonal_slice d = diagonal_of(s[rows], s[columns], transposed_offset(a > b, Offset));
            constexpr index step = s[columns] + 1;
            constexpr shape joined = [=] {
                shape all = reduced_shape(s, 1 << columns, 1 << columns);
                all.extent[rows] *= s[columns];
                return all;
            }();
            return movedim<rows, -1>(slice<rows, d.start, d.start + (d.length - 1) * step + 1, step>(
                reshape_to(x, dims_of<shape_constant<joined>>{})));
        }
    }
};

struct diagonal_sum_body {
    template <class X> static constexpr auto fault() {
        if constexpr (std::remove_cvref_t<X>::extent.rank != 2) return trace_takes_a_matrix<shape_t<X>>{};
    }
    constexpr auto operator()(auto x) const { return sum(diagonal_body<0, 0, 1>{}(x)); }
};

// The elements at most, or at least, so many places right of the diagonal.
template <index K, bool Lower> struct triangle_body {
    template <class X> static constexpr auto fault() {
        if constexpr (std::remove_cvref_t<X>::extent.rank < 2) return a_triangle_needs_two_axes<shape_t<X>>{};
    }
    template <class X> constexpr auto operator()(const X& x) const {
        constexpr shape s = X::extent;
        constexpr auto m = static_cast<std::size_t>(s[s.rank - 2]), n = static_cast<std::size_t>(s[s.rank - 1]);
        const handle<int, n> column{{x.g, x.g->range(s[s.rank - 1], dtype::int32)}};
        const handle<int, m> row{{x.g, x.g->range(s[s.rank - 2], dtype::int32)}};
        const auto right = column - ratio<K>{};
        using T = typename X::value_type;
        if constexpr (Lower) return as_element<T>(where(right <= unsqueeze<1>(row), x, ratio<0>{}));
        else return as_element<T>(where(unsqueeze<1>(row) <= right, x, ratio<0>{}));
    }
};
}  // namespace detail

/// The elements whose indices of two axes are (i, i + Offset), as the last axis; no copy where the axes are neighbours.
/// `diagonal(x)`, `diagonal<-1>(x)`, `diagonal<0, 1, 2>(x)`. Derivative: g in those places, 0 elsewhere.
template <index Offset = 0, int First = 0, int Second = 1, operand X>
constexpr detail::composed_checked<detail::diagonal_body<Offset, First, Second>, X> diagonal(X&& x) {
    return detail::compose_checked<detail::diagonal_body<Offset, First, Second>>(std::forward<X>(x));
}

/// The sum of a matrix's diagonal. Derivative: g on the diagonal. Of whole numbers it is int64.
template <operand X> constexpr detail::composed_checked<detail::diagonal_sum_body, X> trace(X&& x) {
    return detail::compose_checked<detail::diagonal_sum_body>(std::forward<X>(x));
}

/// x below the K-th diagonal and on it, 0 above: `tril(x)`, `tril<-1>(x)`; of the last two axes. Derivative: of g the
/// same. Edges: 0 also where x is nan.
template <index K = 0, operand X> constexpr detail::composed_checked<detail::triangle_body<K, true>, X> tril(X&& x) {
    return detail::compose_checked<detail::triangle_body<K, true>>(std::forward<X>(x));
}
/// x above the K-th diagonal and on it, 0 below.
template <index K = 0, operand X> constexpr detail::composed_checked<detail::triangle_body<K, false>, X> triu(X&& x) {
    return detail::compose_checked<detail::triangle_body<K, false>>(std::forward<X>(x));
}

}  // namespace ashlar
