// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/add.hpp"
#include "ashlar/ops/exp.hpp"
#include "ashlar/ops/isnan.hpp"
#include "ashlar/ops/log.hpp"
#include "ashlar/ops/max.hpp"
#include "ashlar/ops/stop_gradient.hpp"
#include "ashlar/ops/sub.hpp"
#include "ashlar/ops/sum.hpp"
#include "ashlar/ops/where.hpp"

namespace ashlar {

namespace detail {

template <auto... Options> struct logsumexp_body {
    constexpr auto operator()(auto x) const {
        const auto top = max<Options..., keepdim>(x);
        const auto shift = stop_gradient(where((isfinite)(top), top, 0));
        return log(sum<Options...>(exp(x - shift))) + sum<Options...>(shift);
    }
};

}  // namespace detail

/// The logarithm of the sum of exponentials over axes, without overflow.
/// Value: max(x) + log(sum(exp(x - max(x)))). Derivative: g * softmax(x). Edges: -inf for a row of -inf only, inf with inf, nan.
template <auto... Options, operand X> constexpr composed<detail::logsumexp_body, X, Options...> logsumexp(X&& x) {
    return compose_over<detail::logsumexp_body, Options...>(std::forward<X>(x));
}

}  // namespace ashlar
