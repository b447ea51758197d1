// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/compare.hpp"
#include "ashlar/ops/where.hpp"

namespace ashlar {

/// The rectifier.
/// Value: max(x, 0). Derivative: 0 where y <= 0 (0 at 0), else g, so that it passes at nan. Edges: keeps -0, nan.
struct relu_op : elementwise<1> {
    static constexpr const char* name = "relu";
    static constexpr bool may_end_in_product = false;
    static constexpr bool nondecreasing = true;
    static constexpr auto eval(auto x) {
        using V = decltype(x);
        if constexpr (kernels::is_vector<V>) return kernels::at_least(x, 0);
        else return x < V{} ? V{} : x;  // no call in constant evaluation
    }
    static constexpr value pullback(auto g, auto y, auto) { return where(y <= 0, 0, g); }
};

template <operand X> constexpr auto relu(X&& x) { return apply<relu_op>(std::forward<X>(x)); }

}  // namespace ashlar
