// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/elementwise.hpp"

namespace ashlar {

/// The product, element by element.
/// Value: a * b. Derivative: g * b to a, g * a to b. Shapes: broadcast. Edges: IEEE 754; whole numbers wrap.
struct mul_op : elementwise<2> {
    static constexpr const char* name = "mul";
    static constexpr const char* infix = " * ";
    static constexpr int precedence = 2;
    static constexpr bool commutative = true;
    static constexpr bool is_product = true;
    template <class V>
        requires(!kernels::whole<V>)
    static constexpr V eval(V a, V b) {
        return a * b;
    }
    template <kernels::whole V> static constexpr V eval(V a, V b) { return kernels::wrapped_product(a, b); }
    static constexpr adjoints pullback(auto g, auto, auto a, auto b) { return {{g * b, g * a}}; }
    static constexpr int simplify(graph& g, const int* x, const attributes&) {
        return g.is_constant(x[0], 1) ? x[1] : g.is_constant(x[1], 1) ? x[0] : no_index;
    }
};

template <operand A, operand B>
    requires(symbolic<A> || symbolic<B>)
constexpr applied<mul_op, A, B> operator*(A&& a, B&& b) {
    return apply<mul_op>(std::forward<A>(a), std::forward<B>(b));
}

}  // namespace ashlar
