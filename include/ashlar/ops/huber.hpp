// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/abs.hpp"
#include "ashlar/ops/clamp.hpp"
#include "ashlar/ops/compare.hpp"
#include "ashlar/ops/div.hpp"
#include "ashlar/ops/where.hpp"

// What nn::HuberLoss and nn::SmoothL1Loss do with every difference d. The bounds are numbers.
namespace ashlar {

/// Value: d^2 / 2 where |d| <= delta, else delta * (|d| - delta / 2). Derivative: g * clamp(d, -delta, delta).
struct huber_op : real_function<2> {
    static constexpr const char* name = "huber";
    static constexpr int cost = 5;
    template <class V> static constexpr V eval(V d, V delta) {
        const V a = kernels::abs(d), half = kernels::splat<V>(kernels::scalar_of<V>{0.5});
        return kernels::select(a <= delta, half * a * a, delta * (a - half * delta));
    }
    static constexpr adjoints pullback(auto g, auto, auto d, auto delta) {
        return {{g * clamp(d, -delta, delta), none}};
    }
};

/// Value: d^2 / (2 beta) where |d| < beta, else |d| - beta / 2. Derivative: g * d / beta where |d| < beta, else
/// g * sign(d). Edges: |d| where beta is 0.
struct smooth_l1_op : real_function<2> {
    static constexpr const char* name = "smooth_l1";
    static constexpr int cost = 5;
    template <class V> static constexpr V eval(V d, V beta) {
        const V a = kernels::abs(d), half = kernels::splat<V>(kernels::scalar_of<V>{0.5});
        const V divisor = kernels::select(beta > V{}, beta, kernels::splat<V>(1));
        return kernels::select(a < beta, half * a * a / divisor, a - half * beta);
    }
    static constexpr adjoints pullback(auto g, auto, auto d, auto beta) {
        return {{where(abs(d) < beta, g * d / beta, g * sign(d)), none}};
    }
};

}  // namespace ashlar
