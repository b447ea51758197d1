// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/div.hpp"
#include "ashlar/ops/log.hpp"
#include "ashlar/ops/log1p.hpp"
#include "ashlar/ops/logsigmoid.hpp"
#include "ashlar/ops/minimum.hpp"
#include "ashlar/ops/sub.hpp"

// What nn::BCELoss and nn::BCEWithLogitsLoss do with every element.
namespace ashlar {

/// The cross entropy of a probability x with a target y from 0 to 1.
/// Value: -(y * max(log(x), -100) + (1 - y) * max(log(1 - x), -100)). Derivative: g * (x - y) / max(x * (1 - x),
/// 1e-12), and g * (log(1 - x) - log(x)) to y. Edges: nan where x is not from 0 to 1 (PyTorch raises).
struct binary_cross_entropy_op : real_function<2> {
    static constexpr const char* name = "binary_cross_entropy";
    static constexpr int cost = 50;
    static constexpr auto eval(auto x, auto y) {
        return (y - 1) * kernels::at_least(kernels::log1p(-x), -100) - y * kernels::at_least(kernels::log(x), -100);
    }
    static constexpr adjoints pullback(auto g, auto, auto x, auto y) {
        return {{g * (x - y) / maximum(x * (1 - x), 1e-12), g * (log1p(-x) - log(x)), none}};
    }
};

/// The same of a logit x; p is the weight of what the target says to be there.
/// Value: p * y * log(1 + e^-x) + (1 - y) * log(1 + e^x): no term is negative, so that no digits are lost.
/// Derivative: g * ((1 - y) * sigmoid(x) - p * y * sigmoid(-x)). Edges: nan where x is infinite and y is 0 or 1.
struct binary_cross_entropy_with_logits_op : real_function<3> {
    static constexpr const char* name = "binary_cross_entropy_with_logits";
    static constexpr int cost = 50;
    static constexpr auto eval(auto x, auto y, auto p) {
        const auto rest = kernels::log1p(kernels::exp(-kernels::abs(x)));
        return p * y * (kernels::at_least(-x, 0) + rest) + (1 - y) * (kernels::at_least(x, 0) + rest);
    }
    static constexpr adjoints pullback(auto g, auto, auto x, auto y, auto p) {
        const auto there = detail::log_1_plus_exp(-x);
        return {{g * ((1 - y) * sigmoid(x) - p * y * sigmoid(-x)), g * (p * there - detail::log_1_plus_exp(x)),
                 g * (y * there)}};
    }
};

}  // namespace ashlar
