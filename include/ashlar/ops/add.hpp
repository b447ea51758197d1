// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/fma.hpp"
#include "ashlar/ops/place.hpp"

namespace ashlar {

/// The sum, element by element.
/// Value: a + b. Derivative: g to both. Shapes: broadcast. Edges: IEEE 754; whole numbers wrap; of truth values it is
/// true where one of them is.
struct add_op : elementwise<2> {
    static constexpr const char* name = "add";
    static constexpr const char* infix = " + ";
    static constexpr int precedence = 1;
    static constexpr bool commutative = true;
    static constexpr bool nondecreasing = true;
    static constexpr bool may_end_in_product = false;
    using with_first_product = product_plus_op;
    using with_second_product = product_plus_op;
    template <class V>
        requires(!kernels::whole<V>)
    static constexpr V eval(V a, V b) {
        return a + b;
    }
    template <kernels::whole V> static constexpr V eval(V a, V b) { return kernels::wrapped_sum(a, b); }
    static constexpr adjoints pullback(auto g, auto, auto, auto) { return {{g, g}}; }
    template <class V = value> static constexpr int simplify(graph& g, const int* x, const attributes&) {
        const bool placed = g.nodes.data[x[1]].op->facts.is_placement();
        return g.is_constant(x[0], 0)   ? x[1]
               : g.is_constant(x[1], 0) ? x[0]
               : placed                 ? sum_with_placement<dependent<add_op, V>>(g, x[0], x[1])
                                        : no_index;
    }
    template <class Sum> static constexpr int sum_with_placement(graph& g, int sum, int part);
};

// Placed beside what the sum is, or beside one of its two terms: what each element is the sum of stays as it is.
template <class Sum> constexpr int add_op::sum_with_placement(graph& g, int sum, int part) {
    if (!g.is(sum, record<Sum>)) return detail::join_placements(g, sum, part);
    for (int i = 0; i < 2; ++i)
        if (const int joined = detail::join_placements(g, g.argument(sum, i), part); joined >= 0) {
            const int terms[] = {joined, g.argument(sum, 1 - i)};
            return g.make_elementwise(record<Sum>, terms, 2, g.type_of(sum));
        }
    return no_index;
}

template <operand A, operand B>
    requires(symbolic<A> || symbolic<B>)
constexpr applied<add_op, A, B> operator+(A&& a, B&& b) {
    return apply<add_op>(std::forward<A>(a), std::forward<B>(b));
}

}  // namespace ashlar
