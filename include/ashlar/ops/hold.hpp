// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/elementwise.hpp"

namespace ashlar {

/// x as one rounded number: a compiler may not contract it into the operation that reads it. So a result is the same
/// whether it goes through memory or stays in a register. Derivative: g.
struct hold_op : elementwise<1> {
    static constexpr const char* name = "hold";
    static constexpr int cost = 0;
    static constexpr bool same_value = false;  // kernels do not skip it
    static constexpr bool rounds_only = true;
    static constexpr const char* infix = "";  // not seen in print
    static constexpr auto eval(auto x) { return kernels::rounded(x); }
    static constexpr value pullback(auto g, auto, auto) { return g; }
};

template <operand X> constexpr auto hold(X&& x) { return apply<hold_op>(std::forward<X>(x)); }

}  // namespace ashlar
