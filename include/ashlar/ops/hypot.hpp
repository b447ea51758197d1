// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/div.hpp"
#include "ashlar/ops/mul.hpp"

namespace ashlar {

/// The length of (a, b), without overflow on the way.
/// Value: sqrt(a^2 + b^2). Derivative: g * a / y to a, g * b / y to b, nan at (0, 0). Shapes: broadcast. Edges: inf
/// where one is infinite, nan. Error: 1.5 ULP.
struct hypot_op : real_function<2> {
    static constexpr const char* name = "hypot";
    static constexpr int cost = 12;
    static constexpr bool commutative = true;
    static constexpr auto eval(auto a, auto b) { return kernels::hypot(a, b); }
    static constexpr adjoints pullback(auto g, auto y, auto a, auto b) { return {{g * (a / y), g * (b / y)}}; }
};

template <operand A, operand B>
    requires(symbolic<A> || symbolic<B>)
constexpr applied<hypot_op, A, B> hypot(A&& a, B&& b) {
    return apply<hypot_op>(std::forward<A>(a), std::forward<B>(b));
}

}  // namespace ashlar
