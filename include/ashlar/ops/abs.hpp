// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/mul.hpp"
#include "ashlar/ops/sign.hpp"

namespace ashlar {

/// The absolute value.
/// Value: |x|. Derivative: g * sign(x), 0 at 0. Edges: 0 at -0, inf at -inf, nan; the least whole number stays.
struct abs_op : elementwise<1> {
    static constexpr const char* name = "abs";
    static constexpr bool may_end_in_product = false;
    static constexpr auto eval(auto x) { return kernels::abs(x); }
    static constexpr value pullback(auto g, auto, auto x) { return g * sign(x); }
};

template <operand X> constexpr auto abs(X&& x) { return apply<abs_op>(std::forward<X>(x)); }

}  // namespace ashlar
