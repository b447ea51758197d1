// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/compare.hpp"
#include "ashlar/ops/sum.hpp"

namespace ashlar {

namespace detail {

template <auto... Options> struct any_body {
    constexpr auto operator()(auto x) const { return ne(sum<Options...>(ne(x, 0)), 0); }
};
template <auto... Options> struct all_body {
    constexpr auto operator()(auto x) const { return eq(sum<Options...>(eq(x, 0)), 0); }
};

}  // namespace detail

/// Whether any element, or all of them, are not 0, over axes: a bool tensor, without derivative. `any<1>(x < 0)`.
template <auto... Options, operand X> constexpr composed<detail::any_body, X, Options...> any(X&& x) {
    return compose_over<detail::any_body, Options...>(std::forward<X>(x));
}
template <auto... Options, operand X> constexpr composed<detail::all_body, X, Options...> all(X&& x) {
    return compose_over<detail::all_body, Options...>(std::forward<X>(x));
}

}  // namespace ashlar
