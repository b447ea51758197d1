// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/compare.hpp"
#include "ashlar/ops/div.hpp"
#include "ashlar/ops/sum.hpp"
#include "ashlar/ops/where.hpp"

namespace ashlar {

/// The product over axes: `prod(x)` over all, `prod<0, keepdim>(x)`.
/// Derivative: g * y / x; where x is the only 0 of its product, g times the others. The second derivative is right where at
/// most one factor is 0. bool counts as int32.
struct prod_op : reduction {
    static constexpr const char* name = "prod";
    static constexpr reducer how = reducer::product;
    static constexpr value pullback(auto g, auto y, auto x, index axes);
};

template <auto... Options, operand X> constexpr reduced<prod_op, X, Options...> prod(X&& x) {
    return reduce<prod_op, Options...>(std::forward<X>(x));
}

constexpr value prod_op::pullback(auto g, auto y, auto x, index axes) {
    const auto mask = static_cast<int>(axes);
    const decltype(x) zero = eq(x, 0), one{x.g, x.g->constant(1, x.type())};
    const auto others = reduce_value<prod_op>(where(zero, one, x), mask, 0);
    const auto alone = eq(reduce_value<sum_op>(zero, mask, 0), 1);
    return g * where(zero, where(alone, others, 0), y / where(zero, one, x));
}

}  // namespace ashlar
