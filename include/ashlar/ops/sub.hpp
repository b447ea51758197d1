// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/fma.hpp"
#include "ashlar/ops/neg.hpp"

namespace ashlar {

/// The difference, element by element.
/// Value: a - b. Derivative: g to a, -g to b. Shapes: broadcast. Edges: IEEE 754; whole numbers wrap; of truth values
/// it is true where they differ.
struct sub_op : elementwise<2> {
    static constexpr const char* name = "sub";
    static constexpr const char* infix = " - ";
    static constexpr int precedence = 1;
    static constexpr bool may_end_in_product = false;
    using with_first_product = product_minus_op;
    using with_second_product = minus_product_op;
    template <class V>
        requires(!kernels::whole<V>)
    static constexpr V eval(V a, V b) {
        return a - b;
    }
    template <kernels::whole V> static constexpr V eval(V a, V b) { return kernels::wrapped_difference(a, b); }
    static constexpr adjoints pullback(auto g, auto, auto, auto) { return {{g, -g}}; }
    static constexpr int simplify(graph& g, const int* x, const attributes&) {
        return g.is_constant(x[1], 0) ? x[0] : no_index;
    }
};

template <operand A, operand B>
    requires(symbolic<A> || symbolic<B>)
constexpr applied<sub_op, A, B> operator-(A&& a, B&& b) {
    return apply<sub_op>(std::forward<A>(a), std::forward<B>(b));
}

}  // namespace ashlar
