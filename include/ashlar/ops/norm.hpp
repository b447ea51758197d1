// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/abs.hpp"
#include "ashlar/ops/compare.hpp"
#include "ashlar/ops/div.hpp"
#include "ashlar/ops/max.hpp"
#include "ashlar/ops/pow.hpp"
#include "ashlar/ops/sign.hpp"
#include "ashlar/ops/sum.hpp"
#include "ashlar/ops/to.hpp"
#include "ashlar/ops/var.hpp"
#include "ashlar/ops/where.hpp"

namespace ashlar {

/// A square root whose derivative is 0 at 0, where a norm has its kink.
/// Value: sqrt(x). Derivative: 0 where y = 0, else g / (2 y).
struct norm_root_op : real_function<1> {
    static constexpr const char* name = "sqrt";
    static constexpr auto eval(auto x) { return kernels::sqrt(x); }
    static constexpr value pullback(auto g, auto y, auto) { return where(eq(y, 0), 0, 0.5 * g / y); }
};

/// A power of the absolute value whose derivative is 0 at 0; p is a number.
/// Value: |x|^p. Derivative: 0 where x = 0, else g * p * |x|^(p - 1) * sign(x).
struct abs_power_op : real_function<2> {
    static constexpr const char* name = "abs_power";
    static constexpr int cost = 60;
    static constexpr auto eval(auto x, auto p) { return kernels::pow(kernels::abs(x), p); }
    static constexpr adjoints pullback(auto g, auto, auto x, auto p) {
        return {{where(eq(x, 0), 0, g * (p * apply<abs_power_op>(x, p - 1)) * sign(x)), none}};
    }
};

namespace detail {

template <auto P> struct norm_with {
    template <auto... Options> struct body {
        constexpr auto operator()(auto x) const {
            constexpr auto p = static_cast<double>(P);
            constexpr double infinity = kernels::format<double>::infinity;
            if constexpr (p == 0) return sum<Options...>(to<typename decltype(x)::value_type>(ne(x, 0)));
            else if constexpr (p == 1) return sum<Options...>(abs(x));
            else if constexpr (p == 2) return apply<norm_root_op>(sum<Options...>(x * x));
            else if constexpr (p == infinity) return amax<Options...>(abs(x));
            else if constexpr (p == -infinity) return amin<Options...>(abs(x));
            else return apply<abs_power_op>(sum<Options...>(apply<abs_power_op>(x, p)), 1 / p);
        }
    };
};
template <auto... Options> struct std_body {
    constexpr auto operator()(auto x) const { return apply<norm_root_op>(var_body<Options...>{}(x)); }
};

}  // namespace detail

/// The p-norm over axes: `norm<2>(x)` of all elements, `norm<1, 0, keepdim>(x)` with p = 1 over axis 0.
/// Value: sum(|x|^p)^(1/p); the number of elements that are not 0 for p = 0, the largest and the smallest |x| for an
/// infinite p. Derivative: 0 where x or the norm is 0; in equal shares to equal ones for an infinite p. Edges: nan
/// spreads.
template <auto P, auto... Options, operand X>
    requires std::is_arithmetic_v<std::remove_const_t<decltype(P)>>
constexpr composed<detail::norm_with<P>::template body, X, Options...> norm(X&& x) {
    return compose_over<detail::norm_with<P>::template body, Options...>(std::forward<X>(x));
}

/// The standard deviation over axes, unbiased: `ashlar::std<0>(x)`, `ashlar::std<biased>(x)`. (Unqualified, C++ would
/// take the name for the namespace.)
/// Value: sqrt(var(x)). Derivative: 0 where it is 0. Edges: nan of one element, unless biased.
template <auto... Options, operand X> constexpr composed<detail::std_body, X, Options...> std(X&& x) {
    return compose_over<detail::std_body, Options...>(::std::forward<X>(x));
}

}  // namespace ashlar
