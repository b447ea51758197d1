// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/compare.hpp"
#include "ashlar/ops/where.hpp"

namespace ashlar {

/// x kept within bounds, which are numbers or tensors.
/// Value: min(max(x, low), high). Derivative: g where low <= x <= high; to a bound where it is the value.
/// Shapes: broadcast.
/// Edges: nan stays, its derivative is 0; high where low > high.
struct clamp_op : elementwise<3> {
    static constexpr const char* name = "clamp";
    static constexpr bool may_end_in_product = false;
    static constexpr int cost = 2;
    static constexpr auto eval(auto x, auto low, auto high) { return (kernels::min)((kernels::max)(x, low), high); }
    static constexpr adjoints pullback(auto g, auto, auto x, auto low, auto high) {
        return {{where(x >= low, where(x <= high, g, 0), 0), where(x < low, where(low < high, g, 0), 0),
                 where(x > high, g, where(high < low, g, 0))}};
    }
};

template <operand X, operand Low, operand High>
    requires(symbolic<X> || symbolic<Low> || symbolic<High>)
constexpr applied<clamp_op, X, Low, High> clamp(X&& x, Low&& low, High&& high) {
    return apply<clamp_op>(std::forward<X>(x), std::forward<Low>(low), std::forward<High>(high));
}

// Under `using namespace std` three tensors of one type would find std::clamp, which takes any three of a type.
template <class X>
    requires(operand<X> && tensorial<X>)
constexpr applied<clamp_op, const X&, const X&, const X&> clamp(const X& x, const X& low, const X& high) {
    return apply<clamp_op>(x, low, high);
}

}  // namespace ashlar
