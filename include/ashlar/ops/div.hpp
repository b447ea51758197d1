// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/mul.hpp"
#include "ashlar/ops/neg.hpp"

namespace ashlar {

/// The quotient, element by element.
/// Value: a / b; whole numbers become float32 first. Derivative: g / b to a, -g * y / b to b. Shapes: broadcast.
/// Edges: IEEE 754.
struct div_op : real_function<2> {
    static constexpr const char* name = "div";
    static constexpr const char* infix = " / ";
    static constexpr int precedence = 2;
    static constexpr int cost = 4;
    static constexpr auto eval(auto a, auto b) { return kernels::quotient(a, b); }
    static constexpr adjoints pullback(auto g, auto y, auto, auto b);
    static constexpr int simplify(graph& g, const int* x, const attributes&) {
        return g.is_constant(x[1], 1) ? x[0] : no_index;
    }
};

template <operand A, operand B>
    requires(symbolic<A> || symbolic<B>)
constexpr applied<div_op, A, B> operator/(A&& a, B&& b) {
    return apply<div_op>(std::forward<A>(a), std::forward<B>(b));
}

constexpr adjoints div_op::pullback(auto g, auto y, auto, auto b) { return {{g / b, -(g * y) / b}}; }

}  // namespace ashlar
