// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/compare.hpp"

namespace ashlar {

/// Logic, element by element: a bool tensor, without derivative. What is not 0 is true, nan, too. Both sides are
/// computed.
/// Shapes: broadcast.
struct logical_and_op : predicate<2> {
    static constexpr const char* name = "logical_and";
    static constexpr const char* infix = " && ";
    static constexpr int precedence = -2;
    static constexpr bool commutative = true;
    template <class V> static constexpr V eval(V a, V b) {
        return a != V{} ? (b != V{} ? kernels::splat<V>(1) : V{}) : V{};
    }
};
struct logical_or_op : predicate<2> {
    static constexpr const char* name = "logical_or";
    static constexpr const char* infix = " || ";
    static constexpr int precedence = -3;
    static constexpr bool commutative = true;
    template <class V> static constexpr V eval(V a, V b) {
        return a != V{} ? kernels::splat<V>(1) : b != V{} ? kernels::splat<V>(1) : V{};
    }
};
struct logical_not_op : predicate<1> {
    static constexpr const char* name = "logical_not";
    template <class V> static constexpr V eval(V a) { return a == V{} ? kernels::splat<V>(1) : V{}; }
};

template <class A, class B>
    requires comparable<A, B>
constexpr applied<logical_and_op, A, B> operator&&(A&& a, B&& b) {
    return apply<logical_and_op>(std::forward<A>(a), std::forward<B>(b));
}
template <class A, class B>
    requires comparable<A, B>
constexpr applied<logical_or_op, A, B> operator||(A&& a, B&& b) {
    return apply<logical_or_op>(std::forward<A>(a), std::forward<B>(b));
}
template <symbolic A> constexpr auto operator!(A&& a) { return apply<logical_not_op>(std::forward<A>(a)); }

}  // namespace ashlar
