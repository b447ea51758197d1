// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/add.hpp"
#include "ashlar/ops/div.hpp"
#include "ashlar/ops/mul.hpp"
#include "ashlar/ops/sub.hpp"

namespace ashlar {

/// The inverse hyperbolic tangent.
/// Value: log((1 + x) / (1 - x)) / 2. Derivative: g / (1 - x^2). Edges: keeps -0, +-inf at +-1, nan beyond. Error: 4
/// ULP.
struct atanh_op : real_function<1> {
    static constexpr const char* name = "atanh";
    static constexpr int cost = 35;
    static constexpr auto eval(auto x) { return kernels::atanh(x); }
    static constexpr value pullback(auto g, auto, auto x) { return g / ((1 - x) * (1 + x)); }
};

template <operand X> constexpr auto atanh(X&& x) { return apply<atanh_op>(std::forward<X>(x)); }

}  // namespace ashlar
