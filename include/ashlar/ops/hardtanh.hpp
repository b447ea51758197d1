// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/abs.hpp"
#include "ashlar/ops/compare.hpp"
#include "ashlar/ops/composite.hpp"
#include "ashlar/ops/mul.hpp"
#include "ashlar/ops/where.hpp"

namespace ashlar {

namespace detail {
struct hardtanh_body {
    constexpr auto operator()(auto x, const auto& low, const auto& high) const {
        return where(x <= low, low, where(x >= high, high, x));
    }
};
}  // namespace detail

/// x kept within [min_val, max_val], which is [-1, 1] unless it is said; unlike `clamp` without a derivative at the
/// bounds. Edges: nan stays, its derivative is g.
template <operand X, scalar Low, scalar High>
constexpr auto hardtanh(X&& x, const Low& min_val, const High& max_val) {
    return compose<detail::hardtanh_body>(std::forward<X>(x), min_val, max_val);
}
template <operand X> constexpr auto hardtanh(X&& x) { return hardtanh(std::forward<X>(x), ratio<-1>{}, ratio<1>{}); }

/// x kept within [0, 6].
template <operand X> constexpr auto relu6(X&& x) { return hardtanh(std::forward<X>(x), ratio<0>{}, ratio<6>{}); }

/// A sigmoid of straight lines.
/// Value: relu6(x + 3) / 6. Derivative: g / 6 where -3 < x < 3, else 0. Edges: 0 at -inf, 1 at inf, nan stays.
struct hardsigmoid_op : real_function<1> {
    static constexpr const char* name = "hardsigmoid";
    static constexpr int cost = 4;
    static constexpr auto eval(auto x) {
        using T = kernels::scalar_of<decltype(x)>;
        return kernels::at_least(kernels::at_most(x + 3, 6), 0) * static_cast<T>(1.0 / 6);
    }
    static constexpr value pullback(auto g, auto, auto x) { return where(abs(x) < 3, g * ratio<1, 6>{}, 0); }
};
template <operand X> constexpr auto hardsigmoid(X&& x) { return apply<hardsigmoid_op>(std::forward<X>(x)); }

/// silu of straight lines.
/// Value: x * hardsigmoid(x). Derivative: 0 where x < -3, g * (x / 3 + 1 / 2) below 3, g elsewhere. Edges: nan at -inf,
/// inf at inf. Source: Howard et al. 2019.
struct hardswish_op : real_function<1> {
    static constexpr const char* name = "hardswish";
    static constexpr int cost = 5;
    static constexpr auto eval(auto x) { return x * hardsigmoid_op::eval(x); }
    static constexpr value pullback(auto g, auto, auto x) {
        return where(x < -3, 0, where(x < 3, g * (x * ratio<1, 3>{} + 0.5), g));
    }
};
template <operand X> constexpr auto hardswish(X&& x) { return apply<hardswish_op>(std::forward<X>(x)); }

}  // namespace ashlar
