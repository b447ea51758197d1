// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/mul.hpp"

namespace ashlar {

/// The exponential.
/// Value: e^x. Derivative: g * y. Edges: 0 at -inf, inf at inf and above log(max), nan. Error: 2 ULP.
struct exp_op : real_function<1> {
    static constexpr const char* name = "exp";
    static constexpr int cost = 20;
    static constexpr auto eval(auto x) { return kernels::exp(x); }
    static constexpr value pullback(auto g, auto y, auto) { return g * y; }
};

template <operand X> constexpr auto exp(X&& x) { return apply<exp_op>(std::forward<X>(x)); }

}  // namespace ashlar
