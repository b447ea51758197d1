// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/compare.hpp"
#include "ashlar/ops/div.hpp"
#include "ashlar/ops/mul.hpp"
#include "ashlar/ops/sigmoid.hpp"
#include "ashlar/ops/where.hpp"

namespace ashlar {

/// A smooth rectifier that becomes the identity above a threshold.
/// Value: ln(1 + e^x), x where x > threshold. Derivative: g * sigmoid(x), g where x > threshold; none to the threshold.
/// Edges: 0 at -inf, inf at inf, nan. Error: 3 ULP.
struct softplus_op : real_function<2> {
    static constexpr const char* name = "softplus";
    static constexpr int cost = 42;
    static constexpr auto eval(auto x, auto threshold) {
        const auto above = x > threshold;
        return kernels::select(above, x, kernels::log1p(kernels::exp(kernels::select(above, decltype(x){}, x))));
    }
    static constexpr adjoints pullback(auto g, auto, auto x, auto threshold) {
        return {{where(x > threshold, g, g * sigmoid(x)), none}};
    }
};

template <operand X> constexpr auto softplus(X&& x) { return apply<softplus_op>(std::forward<X>(x), ratio<20>{}); }

/// softplus(beta * x) / beta, linear where beta * x > threshold, as nn::Softplus.
template <operand X, scalar Beta> constexpr auto softplus(X&& x, const Beta& beta) {
    return softplus(std::forward<X>(x) * beta) / beta;
}
template <operand X, scalar Beta, scalar Threshold> constexpr auto softplus(X&& x, const Beta& beta,
                                                                            const Threshold& threshold) {
    return apply<softplus_op>(std::forward<X>(x) * beta, threshold) / beta;
}

}  // namespace ashlar
