// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/add.hpp"
#include "ashlar/ops/composite.hpp"
#include "ashlar/ops/mul.hpp"
#include "ashlar/ops/sigmoid.hpp"
#include "ashlar/ops/sub.hpp"

namespace ashlar {

/// The product of x and s, its sigmoid: an op of its own for the sake of its derivative.
/// Derivative: g * s * (1 + x * (1 - s)), all of it to x. The product's own, g * s + g * x * (s * (1 - s)), is inf * 0
/// at the largest numbers.
struct silu_op : real_function<2> {
    static constexpr const char* name = "silu";
    static constexpr const char* infix = " * ";
    static constexpr int precedence = 2;
    static constexpr auto eval(auto x, auto s) { return mul_op::eval(x, s); }
    static constexpr adjoints pullback(auto g, auto, auto x, auto s) { return {{g * (s * (1 + x * (1 - s))), none}}; }
};

namespace detail {
struct silu_body {
    constexpr auto operator()(auto x) const { return apply<silu_op>(x, sigmoid(x)); }
};
}  // namespace detail

/// The sigmoid linear unit, also called swish.
/// Value: x * sigmoid(x). Edges: nan at -inf. Source: Elfwing et al. 2017.
template <operand X> constexpr auto silu(X&& x) { return compose<detail::silu_body>(std::forward<X>(x)); }

}  // namespace ashlar
