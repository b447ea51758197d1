// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/compare.hpp"
#include "ashlar/ops/mul.hpp"
#include "ashlar/ops/where.hpp"

namespace ashlar {

/// The rectifier with a slope below 0; with a tensor as slope it is PReLU.
/// Value: x where x > 0, else slope * x. Derivative: g where x > 0, else g * slope; to the slope 0 where x > 0,
/// else g * x.
/// Shapes: broadcast. Edges: keeps -0 where the slope is positive, nan stays. Source: Maas et al. 2013; He et al. 2015.
struct leaky_relu_op : real_function<2> {
    static constexpr const char* name = "leaky_relu";
    static constexpr int cost = 2;
    static constexpr auto eval(auto x, auto slope) { return kernels::select(x > decltype(x){}, x, x * slope); }
    static constexpr adjoints pullback(auto g, auto, auto x, auto slope) {
        return {{where(x > 0, g, g * slope), where(x > 0, 0, g * x)}};
    }
};

template <operand X, operand Slope> constexpr applied<leaky_relu_op, X, Slope> leaky_relu(X&& x, Slope&& slope) {
    return apply<leaky_relu_op>(std::forward<X>(x), std::forward<Slope>(slope));
}
template <operand X> constexpr auto leaky_relu(X&& x) {
    return apply<leaky_relu_op>(std::forward<X>(x), ratio<1, 100>{});
}

/// The same under the name that it has with a weight that is learnt. It broadcasts: one for each channel of an image is
/// a tensor (channels, 1, 1).
template <operand X, operand Weight> constexpr applied<leaky_relu_op, X, Weight> prelu(X&& x, Weight&& weight) {
    return apply<leaky_relu_op>(std::forward<X>(x), std::forward<Weight>(weight));
}

}  // namespace ashlar
