// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/compare.hpp"
#include "ashlar/ops/composite.hpp"
#include "ashlar/ops/div.hpp"
#include "ashlar/ops/expm1.hpp"
#include "ashlar/ops/where.hpp"

namespace ashlar {

namespace detail {

// What lies above 0 never meets the exponential: not its value, nor its derivative, which would be 0 * inf.
struct elu_body {
    constexpr auto operator()(auto x, const auto& alpha) const {
        return where(x > 0, x, alpha * expm1(where(x > 0, 0, x)));
    }
};
struct selu_body {
    constexpr auto operator()(auto x) const {
        return where(x > 0, 1.0507009873554805 * x, 1.7580993408473766 * expm1(where(x > 0, 0, x)));
    }
};
struct celu_body {
    constexpr auto operator()(auto x, const auto& alpha) const {
        return where(x > 0, x, alpha * expm1(where(x > 0, 0, x) / alpha));
    }
};

}  // namespace detail

/// The exponential linear unit.
/// Value: x where x > 0, else alpha * (e^x - 1); its derivative at 0 is alpha. Edges: -alpha at -inf, inf at inf, nan.
/// Source: Clevert et al. 2015.
template <operand X, scalar Alpha> constexpr auto elu(X&& x, const Alpha& alpha) {
    return compose<detail::elu_body>(std::forward<X>(x), alpha);
}
template <operand X> constexpr auto elu(X&& x) { return elu(std::forward<X>(x), ratio<1>{}); }

/// ELU with the scale 1.0507 and the alpha 1.6733 that keep mean 0 and variance 1. Source: Klambauer et al. 2017.
template <operand X> constexpr auto selu(X&& x) { return compose<detail::selu_body>(std::forward<X>(x)); }

/// ELU that has a continuous derivative for every alpha: x where x > 0, else alpha * (e^(x / alpha) - 1).
/// Source: Barron 2017.
template <operand X, scalar Alpha> constexpr auto celu(X&& x, const Alpha& alpha) {
    return compose<detail::celu_body>(std::forward<X>(x), alpha);
}
template <operand X> constexpr auto celu(X&& x) { return elu(std::forward<X>(x), ratio<1>{}); }

}  // namespace ashlar
