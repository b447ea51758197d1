// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/grad/backward.hpp"

namespace ashlar {

template <class Got> struct grad_needs_a_scalar_expression : refusal {};
template <class Leaf> struct grad_for_a_leaf_that_does_not_occur : refusal {};
template <class Got> struct grad_is_taken_for_a_named_leaf : refusal {};

template <class X> inline constexpr bool is_named_leaf = false;
template <fixed_string Name, class T, std::size_t... Dims> inline constexpr bool is_named_leaf<leaf<Name, T, Dims...>> =
    true;
template <fixed_string Name, class T, std::size_t... Dims> inline constexpr bool
    is_named_leaf<leaf_of_view<Name, T, Dims...>> = true;

/// The derivative of a scalar expression with respect to a named leaf: again a typed expression, of the leaf's shape.
/// Its type says what it is the derivative of, and does not grow with the derivative.
template <class Y, class Leaf> struct gradient_ {
    struct type {
        using expression_tag = void;
        using value_type = typename element_of<arithmetic_type(dtype_of<typename Leaf::value_type>)>::type;
        static constexpr shape extent = Leaf::extent;
        using named = typename Y::named;
        template <auto Name> static constexpr bool mentions = Y::template mentions<Name>;
        template <class M> static constexpr int calls = Y::template calls<M>;
        Y y;
        Leaf x;

        template <class Tracer> static constexpr int trace(Tracer& t) {
            const int root = Y::trace(t);
            const int x = t.inputs[t.find(Leaf::name.text)].node;
            backward_pass<value_for<Y>> pass{t, t.nodes.size()};
            pass.want(x);
            pass.run(root, t.constant(1, t.type_of(root)));
            return pass.adjoint(x);
        }
        template <class Binder> [[gnu::always_inline]] constexpr void bind(Binder& b) const { y.bind(b); }
        /// In a body: the leaf names a member.
        constexpr int embed(graph& g) const {
            const int root = y.embed(g), at = x.embed(g);
            backward_pass<value_for<Y>> pass{g, g.nodes.size()};
            pass.want(at);
            pass.run(root, g.constant(1, g.type_of(root)));
            return pass.adjoint(at);
        }
        constexpr operator value_type() const
            requires(extent.rank == 0)
        {
            return evaluate_scalar(*this);
        }
    };
};

/// d y / d x for a scalar y and a named leaf x. Evaluated, printed or differentiated like any other expression.
template <operand Y, operand X> constexpr auto grad(const Y& y, const X& x) {
    using typed = detail::node_of<const Y&>;
    if constexpr (is_poison<Y> || is_poison<X>) {
        return poison{};
    } else if constexpr (!is_named_leaf<X>) {
        poison& fault = refused<grad_is_taken_for_a_named_leaf<X>>;
        return fault;
    } else if constexpr (typed::extent.rank != 0) {
        poison& fault = refused<grad_needs_a_scalar_expression<shape_t<Y>>>;
        return fault;
    } else if constexpr (!typed::template mentions<X::name>) {
        poison& fault = refused<grad_for_a_leaf_that_does_not_occur<X>>;
        return fault;
    } else {
        return typename gradient_<typed, X>::type{detail::as_node(y), x};
    }
}

}  // namespace ashlar
