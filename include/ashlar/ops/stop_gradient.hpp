// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/elementwise.hpp"

namespace ashlar {

/// x, taken as a constant by every derivative. A parameter that a loss depends on only through it has no gradient: an
/// optimizer leaves it alone.
struct stop_gradient_op : elementwise<1> {
    static constexpr const char* name = "stop_gradient";
    static constexpr int cost = 0;
    static constexpr bool stops_gradients = true;
    static constexpr auto eval(auto x) { return x; }
};

template <operand X> constexpr auto stop_gradient(X&& x) { return apply<stop_gradient_op>(std::forward<X>(x)); }

}  // namespace ashlar
