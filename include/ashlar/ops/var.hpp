// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/pow.hpp"
#include "ashlar/ops/sub.hpp"
#include "ashlar/ops/sum.hpp"

namespace ashlar {

/// `var<0, biased>(x)`: divided by n, not by n - 1.
struct biased_t {};
inline constexpr biased_t biased{};

namespace detail {

template <auto... Options> struct var_body {
    constexpr auto operator()(auto x) const {
        constexpr shape s = decltype(x)::extent;
        constexpr index n = s.size() / reduced_shape(s, axes_of<Options...>(s.rank).reduced, 0).size();
        constexpr index freedom = (std::is_same_v<std::remove_const_t<decltype(Options)>, biased_t> || ...) ? n : n - 1;
        const auto squares = sum<Options...>(square(x - mean<Options..., keepdim>(x)));
        // Of one element it is nan, which a constant 0 / 0 would not be allowed to give.
        if constexpr (freedom == 0) return squares * kernels::format<double>::infinity;
        else return squares * ratio<1, freedom>{};
    }
};

}  // namespace detail

/// The variance over axes, unbiased: `var<0>(x)`, `var<0, biased, keepdim>(x)`.
/// Value: sum((x - mean(x))^2) / (n - 1). Edges: nan of one element, unless biased.
template <auto... Options, operand X> constexpr composed<detail::var_body, X, Options...> var(X&& x) {
    return compose_over<detail::var_body, Options...>(std::forward<X>(x));
}

}  // namespace ashlar
