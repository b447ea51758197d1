// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/add.hpp"
#include "ashlar/ops/clamp.hpp"
#include "ashlar/ops/exp.hpp"
#include "ashlar/ops/log.hpp"
#include "ashlar/ops/max.hpp"
#include "ashlar/ops/stop_gradient.hpp"
#include "ashlar/ops/sub.hpp"
#include "ashlar/ops/sum.hpp"

namespace ashlar {

namespace detail {

// What is taken away stays finite, as inf - inf would be nan. Beside inf it is the largest number: exp(710 - it) is 0,
// and so is the gradient there, 0 / inf. Had it been 0, exp(710) and the gradient would have been inf and inf / inf.
template <auto... Options> struct logsumexp_body {
    constexpr auto operator()(auto x) const {
        using number = typename decltype(x)::value_type;
        constexpr auto largest =
            kernels::format<std::conditional_t<std::is_same_v<number, double>, double, float>>::largest;
        const auto shift = stop_gradient(clamp(max<Options..., keepdim>(x), -largest, largest));
        return log(sum<Options...>(exp(x - shift))) + sum<Options...>(shift);
    }
};

}  // namespace detail

/// The logarithm of the sum of exponentials over axes, without overflow.
/// Value: max(x) + log(sum(exp(x - max(x)))). Derivative: g * softmax(x). Edges: -inf for a row of -inf only, inf with
/// inf, nan. The derivative of a row with inf is nan where inf is and 0 elsewhere, of one of -inf only it is nan.
template <auto... Options, operand X> constexpr composed<detail::logsumexp_body, X, Options...> logsumexp(X&& x) {
    return compose_over<detail::logsumexp_body, Options...>(std::forward<X>(x));
}

}  // namespace ashlar
