// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/add.hpp"
#include "ashlar/ops/div.hpp"
#include "ashlar/ops/mul.hpp"

namespace ashlar {

/// The inverse tangent.
/// Value: arctan(x) in [-pi/2, pi/2]. Derivative: g / (1 + x^2). Edges: keeps -0, +-pi/2 at +-inf, nan. Error: 2 ULP.
struct atan_op : real_function<1> {
    static constexpr const char* name = "atan";
    static constexpr int cost = 20;
    static constexpr auto eval(auto x) { return kernels::atan(x); }
    static constexpr value pullback(auto g, auto, auto x) { return g / (1 + x * x); }
};

template <operand X> constexpr auto atan(X&& x) { return apply<atan_op>(std::forward<X>(x)); }

}  // namespace ashlar
