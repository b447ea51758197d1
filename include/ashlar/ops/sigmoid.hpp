// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/mul.hpp"
#include "ashlar/ops/sub.hpp"

namespace ashlar {

/// The logistic function.
/// Value: 1 / (1 + e^-x). Derivative: g * y * (1 - y). Edges: 0 at -inf, 1 at inf, nan; keeps its digits far below 0.
/// Error: 3 ULP.
struct sigmoid_op : real_function<1> {
    static constexpr const char* name = "sigmoid";
    static constexpr int cost = 25;
    static constexpr auto eval(auto x) { return kernels::sigmoid(x); }
    static constexpr value pullback(auto g, auto y, auto) { return g * (y * (1 - y)); }
};

template <operand X> constexpr auto sigmoid(X&& x) { return apply<sigmoid_op>(std::forward<X>(x)); }

}  // namespace ashlar
