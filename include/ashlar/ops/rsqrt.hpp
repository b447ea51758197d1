// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/mul.hpp"

namespace ashlar {

/// The reciprocal square root.
/// Value: 1 / sqrt(x). Derivative: -g / 2 * y^3. Edges: +-inf at +-0, nan below 0, 0 at inf. Error: 2 ULP.
struct rsqrt_op : real_function<1> {
    static constexpr const char* name = "rsqrt";
    static constexpr int cost = 8;
    static constexpr auto eval(auto x) { return kernels::rsqrt(x); }
    static constexpr value pullback(auto g, auto y, auto) { return g * (-0.5 * (y * y * y)); }
};

template <operand X> constexpr auto rsqrt(X&& x) { return apply<rsqrt_op>(std::forward<X>(x)); }

}  // namespace ashlar
