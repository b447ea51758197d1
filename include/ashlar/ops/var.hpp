// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/elementwise.hpp"
#include "ashlar/ops/sub.hpp"
#include "ashlar/ops/sum.hpp"

namespace ashlar {

/// `var<0, biased>(x)`: divided by n, not by n - 1.
struct biased_t {};
inline constexpr biased_t biased{};

/// The square of what x is away from the mean of its row.
/// Value: (x - m)^2. Derivative: 2 * g * (x - m), none to m: in a sum over the row what m gets is 2 * g times the sum
/// of all x - m, which is 0. Computed, it would cost a pass, and be nan beside an infinity.
struct squared_deviation_op : real_function<2> {
    static constexpr const char* name = "squared_deviation";
    static constexpr int cost = 2;
    static constexpr auto eval(auto x, auto m) { return (x - m) * (x - m); }
    static constexpr adjoints pullback(auto g, auto, auto x, auto m) { return {{g * (2 * (x - m)), none}}; }
};

namespace detail {

template <auto... Options> struct var_body {
    constexpr auto operator()(auto x) const {
        constexpr shape s = decltype(x)::extent;
        constexpr index n = s.size() / reduced_shape(s, axes_of<Options...>(s.rank).reduced, 0).size();
        constexpr index freedom = (std::is_same_v<std::remove_const_t<decltype(Options)>, biased_t> || ...) ? n : n - 1;
        const auto squares = sum<Options...>(apply<squared_deviation_op>(x, mean<Options..., keepdim>(x)));
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
