// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/mul.hpp"
#include "ashlar/ops/rsqrt.hpp"
#include "ashlar/ops/sub.hpp"

namespace ashlar {

/// The inverse sine.
/// Value: arcsin(x) in [-pi/2, pi/2]. Derivative: g / sqrt(1 - x^2): inf at +-1.
/// Edges: keeps -0, nan outside of [-1, 1]. Error: 3 ULP.
struct asin_op : real_function<1> {
    static constexpr const char* name = "asin";
    static constexpr int cost = 20;
    static constexpr auto eval(auto x) { return kernels::asin(x); }
    static constexpr value pullback(auto g, auto, auto x) { return g * rsqrt(1 - x * x); }
};

template <operand X> constexpr auto asin(X&& x) { return apply<asin_op>(std::forward<X>(x)); }

}  // namespace ashlar
