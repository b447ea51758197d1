// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/neg.hpp"
#include "ashlar/ops/softplus.hpp"

namespace ashlar {

namespace detail {

// ln(1 + e^x) for all x: above 40 the 1 is less than half a unit of a double.
constexpr auto log_1_plus_exp(auto x) { return apply<softplus_op>(x, ratio<40>{}); }

struct logsigmoid_body {
    constexpr auto operator()(auto x) const { return -log_1_plus_exp(-x); }
};

}  // namespace detail

/// The logarithm of the sigmoid, which stays finite where that has become 0.
/// Value: -ln(1 + e^-x). Derivative: g * sigmoid(-x). Edges: -inf at -inf, 0 at inf, nan. Error: 3 ULP.
template <operand X> constexpr auto logsigmoid(X&& x) { return compose<detail::logsigmoid_body>(std::forward<X>(x)); }

}  // namespace ashlar
