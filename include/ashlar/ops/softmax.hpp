// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/composite.hpp"
#include "ashlar/ops/div.hpp"
#include "ashlar/ops/exp.hpp"
#include "ashlar/ops/log.hpp"
#include "ashlar/ops/max.hpp"
#include "ashlar/ops/stop_gradient.hpp"
#include "ashlar/ops/sub.hpp"
#include "ashlar/ops/sum.hpp"

namespace ashlar {

namespace detail {

// x less its maximum along an axis. The maximum cancels out of both functions: it needs no derivative.
template <int Axis> constexpr auto below_maximum(auto x) { return x - stop_gradient(max<Axis, keepdim>(x)); }

template <int Axis> struct softmax_body {
    constexpr auto operator()(auto x) const {
        const auto e = exp(below_maximum<Axis>(x));
        return e / sum<Axis, keepdim>(e);
    }
};
template <int Axis> struct log_softmax_body {
    constexpr auto operator()(auto x) const {
        const auto z = below_maximum<Axis>(x);
        return z - log(sum<Axis, keepdim>(exp(z)));
    }
};

template <template <int> class Body, int Axis, class X> constexpr auto compose_along(X&& x) {
    if constexpr (is_poison<X>) return poison{};
    else if constexpr (axes_of<Axis>(std::remove_cvref_t<X>::extent.rank).bad != max_rank) return report<axis_out_of_range<shape_t<X>, Axis>>();
    else return compose<Body<Axis>>(std::forward<X>(x));
}

}  // namespace detail

/// Positive numbers that add up to 1 along an axis.
/// Value: exp(x) / sum(exp(x)), computed from x - max(x). Edges: 0 at -inf; nan for a row of -inf only, or with inf or nan.
template <int Axis, operand X> constexpr auto softmax(X&& x) { return detail::compose_along<detail::softmax_body, Axis>(std::forward<X>(x)); }

/// The logarithm of softmax, which stays finite where softmax has become 0.
/// Value: z - log(sum(exp(z))) with z = x - max(x). Edges: as softmax, -inf at -inf.
template <int Axis, operand X> constexpr auto log_softmax(X&& x) {
    return detail::compose_along<detail::log_softmax_body, Axis>(std::forward<X>(x));
}

}  // namespace ashlar
