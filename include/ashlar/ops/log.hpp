// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/div.hpp"

namespace ashlar {

/// The natural logarithm.
/// Value: ln x. Derivative: g / x. Edges: -inf at +-0, nan below 0, inf at inf. Error: 1 ULP.
struct log_op : real_function<1> {
    static constexpr const char* name = "log";
    static constexpr int cost = 20;
    static constexpr auto eval(auto x) { return kernels::log(x); }
    static constexpr value pullback(auto g, auto, auto x) { return g / x; }
};

template <operand X> constexpr auto log(X&& x) { return apply<log_op>(std::forward<X>(x)); }

}  // namespace ashlar
