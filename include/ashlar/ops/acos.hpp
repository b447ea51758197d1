// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/mul.hpp"
#include "ashlar/ops/neg.hpp"
#include "ashlar/ops/rsqrt.hpp"
#include "ashlar/ops/sub.hpp"

namespace ashlar {

/// The inverse cosine.
/// Value: arccos(x) in [0, pi]. Derivative: -g / sqrt(1 - x^2): -inf at +-1. Edges: nan outside of [-1, 1].
/// Error: 3 ULP.
struct acos_op : real_function<1> {
    static constexpr const char* name = "acos";
    static constexpr int cost = 20;
    static constexpr auto eval(auto x) { return kernels::acos(x); }
    static constexpr value pullback(auto g, auto, auto x) { return -(g * rsqrt(1 - x * x)); }
};

template <operand X> constexpr auto acos(X&& x) { return apply<acos_op>(std::forward<X>(x)); }

}  // namespace ashlar
