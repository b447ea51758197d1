// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/add.hpp"
#include "ashlar/ops/mul.hpp"

namespace ashlar {

/// The exponential less one, without cancellation around 0.
/// Value: e^x - 1. Derivative: g * (y + 1). Edges: keeps -0, -1 at -inf, inf at inf, nan. Error: 2 ULP.
struct expm1_op : real_function<1> {
    static constexpr const char* name = "expm1";
    static constexpr int cost = 20;
    static constexpr auto eval(auto x) { return kernels::expm1(x); }
    static constexpr value pullback(auto g, auto y, auto) { return g * (y + 1); }
};

template <operand X> constexpr auto expm1(X&& x) { return apply<expm1_op>(std::forward<X>(x)); }

}  // namespace ashlar
