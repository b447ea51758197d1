// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/mul.hpp"
#include "ashlar/ops/neg.hpp"

namespace ashlar {

/// The sine.
/// Value: sin(x). Derivative: g * cos(x). Edges: keeps -0, nan at +-inf. Error: 2 ULP, also for huge arguments.
struct sin_op : real_function<1> {
    static constexpr const char* name = "sin";
    static constexpr int cost = 20;
    static constexpr auto eval(auto x) { return kernels::sin(x); }
    static constexpr value pullback(auto g, auto, auto x);
};

/// The cosine.
/// Value: cos(x). Derivative: -g * sin(x). Edges: 1 at +-0, nan at +-inf. Error: 2 ULP, also for huge arguments.
struct cos_op : real_function<1> {
    static constexpr const char* name = "cos";
    static constexpr int cost = 20;
    static constexpr auto eval(auto x) { return kernels::cos(x); }
    static constexpr value pullback(auto g, auto, auto x);
};

template <operand X> constexpr auto sin(X&& x) { return apply<sin_op>(std::forward<X>(x)); }
template <operand X> constexpr auto cos(X&& x) { return apply<cos_op>(std::forward<X>(x)); }

constexpr value sin_op::pullback(auto g, auto, auto x) { return g * cos(x); }
constexpr value cos_op::pullback(auto g, auto, auto x) { return -(g * sin(x)); }

}  // namespace ashlar
