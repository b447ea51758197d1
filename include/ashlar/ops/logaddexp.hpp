// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/mul.hpp"
#include "ashlar/ops/sigmoid.hpp"
#include "ashlar/ops/sub.hpp"

namespace ashlar {

/// The logarithm of the sum of two exponentials, without overflow.
/// Value: log(e^a + e^b). Derivative: g * sigmoid(a - b) to a, g * sigmoid(b - a) to b, nan for two equal infinities.
/// Shapes: broadcast. Edges: -inf of two -inf, inf, nan. Error: 4 ULP, where the result is not near 0.
struct logaddexp_op : real_function<2> {
    static constexpr const char* name = "logaddexp";
    static constexpr int cost = 45;
    static constexpr bool commutative = true;
    static constexpr auto eval(auto a, auto b) { return kernels::logaddexp(a, b); }
    static constexpr adjoints pullback(auto g, auto, auto a, auto b) {
        return {{g * sigmoid(a - b), g * sigmoid(b - a)}};
    }
};

template <operand A, operand B>
    requires(symbolic<A> || symbolic<B>)
constexpr applied<logaddexp_op, A, B> logaddexp(A&& a, B&& b) {
    return apply<logaddexp_op>(std::forward<A>(a), std::forward<B>(b));
}

}  // namespace ashlar
