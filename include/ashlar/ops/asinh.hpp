// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/div.hpp"
#include "ashlar/ops/hypot.hpp"

namespace ashlar {

/// The inverse hyperbolic sine.
/// Value: log(x + sqrt(x^2 + 1)). Derivative: g / sqrt(x^2 + 1). Edges: keeps -0, +-inf at +-inf, nan. Error: 4 ULP.
struct asinh_op : real_function<1> {
    static constexpr const char* name = "asinh";
    static constexpr int cost = 40;
    static constexpr auto eval(auto x) { return kernels::asinh(x); }
    static constexpr value pullback(auto g, auto, auto x) { return g / hypot(x, 1); }
};

template <operand X> constexpr auto asinh(X&& x) { return apply<asinh_op>(std::forward<X>(x)); }

}  // namespace ashlar
