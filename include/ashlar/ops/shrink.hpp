// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/abs.hpp"
#include "ashlar/ops/compare.hpp"
#include "ashlar/ops/composite.hpp"
#include "ashlar/ops/sub.hpp"
#include "ashlar/ops/tanh.hpp"
#include "ashlar/ops/where.hpp"

namespace ashlar {

namespace detail {

struct hardshrink_body {
    constexpr auto operator()(auto x, const auto& lambd) const { return where(abs(x) <= lambd, 0, x); }
};
struct softshrink_body {
    constexpr auto operator()(auto x, const auto& lambd) const {
        return where(abs(x) <= lambd, 0, where(x < 0, x + lambd, x - lambd));
    }
};
struct tanhshrink_body {
    constexpr auto operator()(auto x) const { return x - tanh(x); }
};

}  // namespace detail

/// 0 within lambd, which is 0.5 unless it is said, of 0, and x elsewhere. Derivative: 0 within, else g. Edges: nan
/// stays.
template <operand X, scalar Lambd> constexpr auto hardshrink(X&& x, const Lambd& lambd) {
    return compose<detail::hardshrink_body>(std::forward<X>(x), lambd);
}
template <operand X> constexpr auto hardshrink(X&& x) { return hardshrink(std::forward<X>(x), ratio<1, 2>{}); }

/// The same, moved towards 0 by lambd elsewhere. Edges: nan stays, as in PyTorch from 2.5 on, where earlier ones give
/// 0.
template <operand X, scalar Lambd> constexpr auto softshrink(X&& x, const Lambd& lambd) {
    return compose<detail::softshrink_body>(std::forward<X>(x), lambd);
}
template <operand X> constexpr auto softshrink(X&& x) { return softshrink(std::forward<X>(x), ratio<1, 2>{}); }

/// x - tanh(x).
template <operand X> constexpr auto tanhshrink(X&& x) { return compose<detail::tanhshrink_body>(std::forward<X>(x)); }

}  // namespace ashlar
