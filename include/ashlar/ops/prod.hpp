// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/compare.hpp"
#include "ashlar/ops/div.hpp"
#include "ashlar/ops/sub.hpp"
#include "ashlar/ops/sum.hpp"
#include "ashlar/ops/where.hpp"

namespace ashlar {

/// The product over axes: `prod(x)` over all, `prod<0, keepdim>(x)`.
/// Derivative: g * y / x; where x is the only 0 of its product, g times the others.
/// The second derivative is right, too, however many factors are 0, and the third
/// where at most two are. Of whole numbers and bool it is int64, and wraps.
struct prod_op : reduction {
    static constexpr const char* name = "prod";
    static constexpr reducer how = reducer::product;
    static constexpr dtype result_type(const attributes&, dtype x) { return accumulated(x); }
    static constexpr value pullback(auto g, auto y, auto x, index axes);
};

template <auto... Options, operand X> constexpr reduced<prod_op, X, Options...> prod(X&& x) {
    return reduce<prod_op, Options...>(std::forward<X>(x));
}

constexpr value prod_op::pullback(auto g, auto y, auto x, index axes) {
    const auto mask = static_cast<int>(axes);
    const decltype(x) zero = eq(x, 0), one{x.g, x.g->constant(1, x.type())};
    const auto others = reduce_value<prod_op>(where(zero, one, x), mask, 0);
    const auto zeros = reduce_value<sum_op>(zero, mask, 0);
    // The other one of two zeros, as a variable: the derivative of x is 0, but changes with it.
    const auto partner = reduce_value<sum_op>(where(zero, x, 0), mask, 0) - x;
    const auto beside_zeros = where(eq(zeros, 1), others, where(eq(zeros, 2), others * partner, 0));
    return g * where(zero, beside_zeros, y / where(zero, one, x));
}

}  // namespace ashlar
