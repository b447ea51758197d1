// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/div.hpp"

namespace ashlar {

/// The square root.
/// Value: sqrt(x). Derivative: g / (2 y): inf at 0. Edges: keeps -0, nan below 0, inf at inf. Error: correctly rounded.
struct sqrt_op : real_function<1> {
    static constexpr const char* name = "sqrt";
    static constexpr int cost = 4;
    static constexpr auto eval(auto x) { return kernels::sqrt(x); }
    static constexpr value pullback(auto g, auto y, auto) { return g / (2 * y); }
};

template <operand X> constexpr auto sqrt(X&& x) { return apply<sqrt_op>(std::forward<X>(x)); }

}  // namespace ashlar
