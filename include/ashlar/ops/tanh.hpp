// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/mul.hpp"
#include "ashlar/ops/sub.hpp"

namespace ashlar {

/// The hyperbolic tangent.
/// Value: tanh(x). Derivative: g * (1 - y^2). Edges: keeps -0, +-1 at +-inf, nan. Error: 4 ULP.
struct tanh_op : real_function<1> {
    static constexpr const char* name = "tanh";
    static constexpr int cost = 20;
    static constexpr auto eval(auto x) { return kernels::tanh(x); }
    static constexpr value pullback(auto g, auto y, auto) { return g * (1 - y * y); }
};

template <operand X> constexpr auto tanh(X&& x) { return apply<tanh_op>(std::forward<X>(x)); }

}  // namespace ashlar
