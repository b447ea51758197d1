// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/add.hpp"
#include "ashlar/ops/composite.hpp"
#include "ashlar/ops/erf.hpp"
#include "ashlar/ops/mul.hpp"
#include "ashlar/ops/tanh.hpp"

namespace ashlar {

namespace detail {

struct gelu_body {
    constexpr auto operator()(auto x) const { return x * 0.5 * (1 + erf(x * 0.7071067811865476)); }
};
struct gelu_tanh_body {
    constexpr auto operator()(auto x) const {
        return 0.5 * x * (1 + tanh(0.7978845608028654 * (x + 0.044715 * (x * x * x))));
    }
};

}  // namespace detail

/// The Gaussian error linear unit.
/// Value: x times the normal distribution's probability of less than x. Edges: nan at -inf.
/// Source: Hendrycks and Gimpel 2016.
template <operand X> constexpr auto gelu(X&& x) { return compose<detail::gelu_body>(std::forward<X>(x)); }

/// GELU's approximation by tanh(sqrt(2 / pi) (x + 0.044715 x^3)), equation (2) of the paper.
template <operand X> constexpr auto gelu_tanh(X&& x) { return compose<detail::gelu_tanh_body>(std::forward<X>(x)); }

}  // namespace ashlar
