// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/exp.hpp"
#include "ashlar/ops/mul.hpp"
#include "ashlar/ops/neg.hpp"

namespace ashlar {

/// The complementary error function, which keeps its digits where erf has become 1.
/// Value: 1 - erf(x). Derivative: -g * 2 / sqrt(pi) * exp(-x^2). Edges: 2 at -inf, 0 at inf, nan. Error: 5 ULP.
struct erfc_op : real_function<1> {
    static constexpr const char* name = "erfc";
    static constexpr int cost = 60;
    static constexpr auto eval(auto x) { return kernels::erfc(x); }
    static constexpr value pullback(auto g, auto, auto x) { return g * (-1.1283791670955126 * exp(-(x * x))); }
};

template <operand X> constexpr auto erfc(X&& x) { return apply<erfc_op>(std::forward<X>(x)); }

}  // namespace ashlar
