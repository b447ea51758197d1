// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/compare.hpp"
#include "ashlar/ops/mul.hpp"
#include "ashlar/ops/where.hpp"

namespace ashlar {

namespace detail {
// g where `smaller` is below `other`, half of it where they are equal; all of it beside nan, as PyTorch has it.
constexpr value share_of_extremum(auto g, auto smaller, auto other) {
    return where(other < smaller, 0, where(eq(smaller, other), 0.5 * g, g));
}
}  // namespace detail

/// The smaller of two, element by element.
/// Derivative: g to the smaller one, half of it to each of two equal ones. Shapes: broadcast. Edges: nan spreads.
struct minimum_op : elementwise<2> {
    static constexpr const char* name = "minimum";
    static constexpr bool may_end_in_product = false;
    static constexpr bool commutative = true;
    static constexpr auto eval(auto a, auto b) { return (kernels::min)(a, b); }
    static constexpr adjoints pullback(auto g, auto, auto a, auto b) {
        return {{detail::share_of_extremum(g, a, b), detail::share_of_extremum(g, b, a)}};
    }
};
/// The larger of two, element by element; otherwise as `minimum`.
struct maximum_op : elementwise<2> {
    static constexpr const char* name = "maximum";
    static constexpr bool may_end_in_product = false;
    static constexpr bool commutative = true;
    static constexpr auto eval(auto a, auto b) { return (kernels::max)(a, b); }
    static constexpr adjoints pullback(auto g, auto, auto a, auto b) {
        return {{detail::share_of_extremum(g, b, a), detail::share_of_extremum(g, a, b)}};
    }
};

template <operand A, operand B>
    requires(symbolic<A> || symbolic<B>)
constexpr applied<minimum_op, A, B> minimum(A&& a, B&& b) {
    return apply<minimum_op>(std::forward<A>(a), std::forward<B>(b));
}
template <operand A, operand B>
    requires(symbolic<A> || symbolic<B>)
constexpr applied<maximum_op, A, B> maximum(A&& a, B&& b) {
    return apply<maximum_op>(std::forward<A>(a), std::forward<B>(b));
}

}  // namespace ashlar
