// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/add.hpp"
#include "ashlar/ops/mul.hpp"

namespace ashlar {

/// The tangent.
/// Value: tan(x). Derivative: g * (1 + y^2). Edges: keeps -0, nan at +-inf. Error: 4 ULP, also for huge arguments.
struct tan_op : real_function<1> {
    static constexpr const char* name = "tan";
    static constexpr int cost = 25;
    static constexpr auto eval(auto x) { return kernels::tan(x); }
    static constexpr value pullback(auto g, auto y, auto) { return g * (1 + y * y); }
};

template <operand X> constexpr auto tan(X&& x) { return apply<tan_op>(std::forward<X>(x)); }

}  // namespace ashlar
