// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/add.hpp"
#include "ashlar/ops/div.hpp"

namespace ashlar {

/// The natural logarithm of one more, without cancellation around 0.
/// Value: ln(1 + x). Derivative: g / (1 + x). Edges: keeps -0, -inf at -1, nan below -1, inf at inf. Error: 3 ULP.
struct log1p_op : real_function<1> {
    static constexpr const char* name = "log1p";
    static constexpr int cost = 20;
    static constexpr auto eval(auto x) { return kernels::log1p(x); }
    static constexpr value pullback(auto g, auto, auto x) { return g / (1 + x); }
};

template <operand X> constexpr auto log1p(X&& x) { return apply<log1p_op>(std::forward<X>(x)); }

}  // namespace ashlar
