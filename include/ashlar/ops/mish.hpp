// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/add.hpp"
#include "ashlar/ops/composite.hpp"
#include "ashlar/ops/mul.hpp"
#include "ashlar/ops/sigmoid.hpp"
#include "ashlar/ops/sub.hpp"

namespace ashlar {

/// The gate of mish.
/// Value: tanh(softplus(x)) = n / (n + 2) with n = e^x (e^x + 2), which is 1 long before it overflows.
/// Derivative: g * sigmoid(x) * (1 - y^2). Edges: 0 at -inf, 1 at inf, nan. Error: 4 ULP.
struct tanh_softplus_op : real_function<1> {
    static constexpr const char* name = "tanh_softplus";
    static constexpr int cost = 24;
    static constexpr auto eval(auto x) {
        const auto e = kernels::exp(kernels::at_most(x, 40)), n = e * (e + 2);
        return kernels::quotient(n, n + 2);
    }
    static constexpr value pullback(auto g, auto y, auto x) { return g * (sigmoid(x) * (1 - y * y)); }
};

/// The product of x and t, its gate: an op of its own for the sake of its derivative, as `silu_op`.
/// Derivative: g * (t + x * sigmoid(x) * (1 - t^2)), all of it to x.
struct mish_op : real_function<2> {
    static constexpr const char* name = "mish";
    static constexpr const char* infix = " * ";
    static constexpr int precedence = 2;
    static constexpr auto eval(auto x, auto t) { return mul_op::eval(x, t); }
    static constexpr adjoints pullback(auto g, auto, auto x, auto t) {
        return {{g * (t + x * (sigmoid(x) * (1 - t * t))), none}};
    }
};

namespace detail {
struct mish_body {
    constexpr auto operator()(auto x) const { return apply<mish_op>(x, apply<tanh_softplus_op>(x)); }
};
}  // namespace detail

/// A smooth function like silu.
/// Value: x * tanh(softplus(x)). Edges: nan at -inf. Source: Misra 2019.
template <operand X> constexpr auto mish(X&& x) { return compose<detail::mish_body>(std::forward<X>(x)); }

}  // namespace ashlar
