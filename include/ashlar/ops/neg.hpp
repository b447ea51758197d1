// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/elementwise.hpp"

namespace ashlar {

/// The negative.
/// Value: -x. Derivative: -g. Edges: changes the sign of zeros, too; whole numbers wrap; truth values stay.
struct neg_op : elementwise<1> {
    static constexpr const char* name = "neg";
    static constexpr bool may_end_in_product = false;
    static constexpr const char* infix = "-";
    static constexpr int precedence = 3;
    template <class V>
        requires(!kernels::whole<V>)
    static constexpr V eval(V x) {
        return -x;
    }
    template <kernels::whole V> static constexpr V eval(V x) { return kernels::wrapped_difference(V{}, x); }
    static constexpr value pullback(auto g, auto, auto) { return apply<neg_op>(g); }
    template <class V = value> static constexpr int simplify(graph& g, const int* x, const attributes&);
};

template <operand X> constexpr auto neg(X&& x) { return apply<neg_op>(std::forward<X>(x)); }
template <symbolic X> constexpr auto operator-(X&& x) { return apply<neg_op>(std::forward<X>(x)); }

// A double negation is the thing itself, and everything but 0 is true.
template <class V> constexpr int neg_op::simplify(graph& g, const int* x, const attributes&) {
    if (g.type_of(x[0]) == dtype::boolean) return x[0];
    return g.is(x[0], record<dependent<neg_op, V>>) ? g.argument(x[0], 0) : no_index;
}

}  // namespace ashlar
