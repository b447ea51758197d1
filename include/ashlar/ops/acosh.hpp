// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/add.hpp"
#include "ashlar/ops/div.hpp"
#include "ashlar/ops/mul.hpp"
#include "ashlar/ops/sqrt.hpp"
#include "ashlar/ops/sub.hpp"

namespace ashlar {

/// The inverse hyperbolic cosine.
/// Value: log(x + sqrt(x^2 - 1)). Derivative: g / sqrt(x^2 - 1), inf at 1. Edges: nan below 1, inf at inf, nan. Error:
/// 4 ULP.
struct acosh_op : real_function<1> {
    static constexpr const char* name = "acosh";
    static constexpr int cost = 40;
    static constexpr auto eval(auto x) { return kernels::acosh(x); }
    static constexpr value pullback(auto g, auto, auto x) { return g / (sqrt(x - 1) * sqrt(x + 1)); }
};

template <operand X> constexpr auto acosh(X&& x) { return apply<acosh_op>(std::forward<X>(x)); }

}  // namespace ashlar
