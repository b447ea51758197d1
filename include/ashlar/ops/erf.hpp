// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/exp.hpp"
#include "ashlar/ops/mul.hpp"
#include "ashlar/ops/neg.hpp"

namespace ashlar {

/// The error function.
/// Value: 2 / sqrt(pi) times the integral of exp(-t^2) from 0 to x. Derivative: g * 2 / sqrt(pi) * exp(-x^2).
/// Edges: keeps -0, +-1 at +-inf, nan. Error: 2 ULP.
struct erf_op : real_function<1> {
    static constexpr const char* name = "erf";
    static constexpr int cost = 30;
    static constexpr auto eval(auto x) { return kernels::erf(x); }
    static constexpr value pullback(auto g, auto, auto x) { return g * (1.1283791670955126 * exp(-(x * x))); }
};

template <operand X> constexpr auto erf(X&& x) { return apply<erf_op>(std::forward<X>(x)); }

}  // namespace ashlar
