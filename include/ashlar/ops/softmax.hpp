// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/div.hpp"
#include "ashlar/ops/exp.hpp"
#include "ashlar/ops/log.hpp"
#include "ashlar/ops/max.hpp"
#include "ashlar/ops/neg.hpp"
#include "ashlar/ops/stop_gradient.hpp"
#include "ashlar/ops/sub.hpp"
#include "ashlar/ops/sum.hpp"

namespace ashlar {

namespace detail {

// x less its maximum along an axis. The maximum cancels out of both functions: it needs no derivative.
template <int Axis> constexpr auto below_maximum(auto x) { return x - stop_gradient(max<Axis, keepdim>(x)); }

template <auto Axis> struct softmax_body {
    constexpr auto operator()(auto x) const {
        const auto e = exp(below_maximum<Axis>(x));
        return e / sum<Axis, keepdim>(e);
    }
};
template <auto Axis> struct log_softmax_body {
    constexpr auto operator()(auto x) const {
        const auto z = below_maximum<Axis>(x);
        return z - log(sum<Axis, keepdim>(exp(z)));
    }
};
template <auto Axis> struct softmin_body {
    constexpr auto operator()(auto x) const { return softmax_body<Axis>{}(-x); }
};

}  // namespace detail

/// Positive numbers that add up to 1 along an axis.
/// Value: exp(x) / sum(exp(x)), computed from x - max(x). Edges: 0 at -inf; nan for a row of -inf only,
/// or with inf or nan.
template <int Axis, operand X> constexpr composed<detail::softmax_body, X, Axis> softmax(X&& x) {
    return compose_over<detail::softmax_body, Axis>(std::forward<X>(x));
}

/// The same of -x.
template <int Axis, operand X> constexpr composed<detail::softmin_body, X, Axis> softmin(X&& x) {
    return compose_over<detail::softmin_body, Axis>(std::forward<X>(x));
}

/// The logarithm of softmax, which stays finite where softmax has become 0.
/// Value: z - log(sum(exp(z))) with z = x - max(x). Edges: as softmax, -inf at -inf.
template <int Axis, operand X> constexpr composed<detail::log_softmax_body, X, Axis> log_softmax(X&& x) {
    return compose_over<detail::log_softmax_body, Axis>(std::forward<X>(x));
}

}  // namespace ashlar
