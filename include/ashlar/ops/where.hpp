// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/to.hpp"

namespace ashlar {

/// A choice, element by element.
/// Value: a where c is true, else b. Derivative: where(c, g, 0) to a, where(c, 0, g) to b, so that a nan of the branch
/// that was not taken does not spread. Shapes: broadcast.
struct where_op : elementwise<3> {
    static constexpr const char* name = "where";
    static constexpr bool may_end_in_product = false;
    static constexpr dtype result_type(const attributes&, dtype, dtype a, dtype b) { return promote(a, b); }
    static constexpr auto eval(auto c, auto a, auto b) { return c != decltype(c){} ? a : b; }
    static constexpr adjoints pullback(auto g, auto, auto c, auto, auto);
    // A loop takes c in the type of a and b, in which 0.5 may be nothing.
    template <class V = value> static constexpr int simplify(graph& g, const int* x, const attributes& a) {
        const dtype c = g.type_of(x[0]), type = promote(g.type_of(x[1]), g.type_of(x[2]));
        if (is_boolean(c) || are_same(promote(c, type), type)) return no_index;
        const V is_true = detail::to_type<V>({&g, x[0]}, dtype::boolean);
        return apply_values<dependent<where_op, V>>(a, is_true, V{&g, x[1]}, V{&g, x[2]}).id;
    }
};

template <operand C, operand A, operand B>
    requires(symbolic<C> || symbolic<A> || symbolic<B>)
constexpr applied<where_op, C, A, B> where(C&& c, A&& a, B&& b) {
    return apply<where_op>(std::forward<C>(c), std::forward<A>(a), std::forward<B>(b));
}

/// x, and the value where the mask is true: a mask as an index. Derivative: g where it is not.
template <operand X, operand Mask, operand Value>
    requires(symbolic<X> || symbolic<Mask>)
constexpr applied<where_op, Mask, Value, X> masked_fill(X&& x, Mask&& mask, Value&& value) {
    return apply<where_op>(std::forward<Mask>(mask), std::forward<Value>(value), std::forward<X>(x));
}

constexpr adjoints where_op::pullback(auto g, auto, auto c, auto, auto) {
    return {{none, where(c, g, 0), where(c, 0, g)}};
}

}  // namespace ashlar
