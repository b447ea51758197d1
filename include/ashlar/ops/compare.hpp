// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/elementwise.hpp"

namespace ashlar {

/// Comparisons, element by element: a bool tensor, without derivative. False where an argument is nan, but for `ne`.
/// Shapes: broadcast. Whole tensors are compared by == and !=, which give one bool.
struct less_op : predicate<2> {
    static constexpr const char* name = "less";
    static constexpr const char* infix = " < ";
    static constexpr auto eval(auto a, auto b) { return a < b ? kernels::splat<decltype(a)>(1) : decltype(a){}; }
};
struct less_equal_op : predicate<2> {
    static constexpr const char* name = "less_equal";
    static constexpr const char* infix = " <= ";
    static constexpr auto eval(auto a, auto b) { return a <= b ? kernels::splat<decltype(a)>(1) : decltype(a){}; }
};
struct eq_op : predicate<2> {
    static constexpr const char* name = "eq";
    static constexpr const char* infix = " == ";
    static constexpr bool commutative = true;
    static constexpr auto eval(auto a, auto b) { return a == b ? kernels::splat<decltype(a)>(1) : decltype(a){}; }
};
struct ne_op : predicate<2> {
    static constexpr const char* name = "ne";
    static constexpr const char* infix = " != ";
    static constexpr bool commutative = true;
    static constexpr auto eval(auto a, auto b) { return a != b ? kernels::splat<decltype(a)>(1) : decltype(a){}; }
};

template <class A, class B> concept comparable = operand<A> && operand<B> && (symbolic<A> || symbolic<B>);

template <class A, class B>
    requires comparable<A, B>
constexpr applied<less_op, A, B> operator<(A&& a, B&& b) {
    return apply<less_op>(std::forward<A>(a), std::forward<B>(b));
}
template <class A, class B>
    requires comparable<A, B>
constexpr applied<less_equal_op, A, B> operator<=(A&& a, B&& b) {
    return apply<less_equal_op>(std::forward<A>(a), std::forward<B>(b));
}
template <class A, class B>
    requires comparable<A, B>
constexpr applied<less_op, B, A> operator>(A&& a, B&& b) {
    return apply<less_op>(std::forward<B>(b), std::forward<A>(a));
}
template <class A, class B>
    requires comparable<A, B>
constexpr applied<less_equal_op, B, A> operator>=(A&& a, B&& b) {
    return apply<less_equal_op>(std::forward<B>(b), std::forward<A>(a));
}
template <class A, class B>
    requires comparable<A, B>
constexpr applied<eq_op, A, B> eq(A&& a, B&& b) {
    return apply<eq_op>(std::forward<A>(a), std::forward<B>(b));
}
template <class A, class B>
    requires comparable<A, B>
constexpr applied<ne_op, A, B> ne(A&& a, B&& b) {
    return apply<ne_op>(std::forward<A>(a), std::forward<B>(b));
}

}  // namespace ashlar
