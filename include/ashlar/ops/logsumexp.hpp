// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/add.hpp"
#include "ashlar/ops/composite.hpp"
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
        const auto shift = stop_gradient(where(isfinite(top), top, 0));
        return log(sum<Options...>(exp(x - shift))) + sum<Options...>(shift);
    }
};

}  // namespace detail

/// The logarithm of the sum of exponentials over axes, without overflow.
/// Value: max(x) + log(sum(exp(x - max(x)))). Derivative: g * softmax(x). Edges: -inf for a row of -inf only, inf with inf, nan.
template <auto... Options, operand X> constexpr auto logsumexp(X&& x) {
    if constexpr (is_poison<X>) {
        return poison{};
    } else {
        constexpr int bad = detail::axes_of<Options...>(std::remove_cvref_t<X>::extent.rank).bad;
        if constexpr (bad != max_rank) return report<axis_out_of_range<shape_t<X>, bad>>();
        else return compose<detail::logsumexp_body<Options...>>(std::forward<X>(x));
    }
}

}  // namespace ashlar
