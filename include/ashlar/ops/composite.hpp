// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/expr/together.hpp"
#include "ashlar/ops/apply.hpp"

namespace ashlar {

namespace detail {

template <class Body, class... Args> using composite_result = decltype(Body{}(std::declval<handle_for<Args>>()...));

// What a composite is, whatever it gives.
template <class Body, class... Args> struct composed {
    struct type {
        using named = typename all_leaves<typename Args::named...>::type;
        template <auto Name> static constexpr bool mentions = (Args::template mentions<Name> || ...);
        template <class M> static constexpr int calls = (0 + ... + Args::template calls<M>);
        arguments<Args...> args;

        template <class Binder> [[gnu::always_inline]] constexpr void bind(Binder& b) const { args.bind(b); }

    protected:
        using result = composite_result<Body, Args...>;
        template <class Tracer> static constexpr result traced(Tracer& t) {
            return in_order<result>{Body{}, trace_handle<Args>(t)...}.result;
        }
        constexpr result embedded(graph& g) const {
            return args.apply(
                [&](const auto&... each) { return in_order<result>{Body{}, embed_handle(g, each)...}.result; });
        }
    };
};

}  // namespace detail

/// A function made of other ops, without a derivative of its own: `Body` computes with handles. In a typed expression
/// it is one node, which traces its arguments once however often the body uses them: types stay small.
template <class Body, class... Args> struct composite_ {
    using result = detail::composite_result<Body, Args...>;
    struct type : detail::composed<Body, Args...>::type {
        using expression_tag = void;
        using value_type = typename result::value_type;
        static constexpr shape extent = result::extent;

        template <class Tracer> static constexpr int trace(Tracer& t) { return type::traced(t).id; }
        constexpr int embed(graph& g) const { return this->embedded(g).id; }
        constexpr operator value_type() const
            requires(extent.rank == 0)
        {
            return evaluate_scalar(*this);
        }
        constexpr operator double() const
            requires(extent.rank != 0)
        = delete;
    };
};
/// The same for a body that gives several results.
template <class Body, class... Args>
    requires several_results<detail::composite_result<Body, Args...>>
struct composite_<Body, Args...> {
    using result = detail::composite_result<Body, Args...>;
    struct type : detail::composed<Body, Args...>::type {
        using together_tag = void;
        using results = result;

        template <class Tracer> static constexpr results trace(Tracer& t) { return type::traced(t); }
        constexpr results embed(graph& g) const { return this->embedded(g); }
    };
};

/// Applies a composite function to operands of any sort, as `apply` does an op.
template <class Body, operand... X> constexpr auto compose(X&&... x) {
    if constexpr ((is_poison<X> || ...)) {
        return absorbed<X...>{};
    } else if constexpr (((detail::is_value_v<X> || detail::is_handle_v<X>) || ...)) {
        return Body{}(std::forward<X>(x)...);
    } else if constexpr (detail::only_numbers<X...>) {
        return Body{}(detail::held_scalar<std::remove_cvref_t<X>>{x}...);
    } else {
        constexpr dtype scalars = detail::scalar_type_beside<X...>;
        using applied = composite_<Body, std::remove_cvref_t<decltype(detail::leaf_of<scalars>(std::declval<X>()))>...>;
        if constexpr (defers_a_fault<typename applied::result>) {  // nobody further up is going to report it
            poison& fault = refused<typename applied::result::fault>;
            return fault;
        } else if constexpr (is_poison<typename applied::result>) return absorbed<typename applied::result>{};
        else return typename applied::type{{detail::pack(detail::leaf_of<scalars>(std::forward<X>(x))...)}};
    }
}

namespace detail {

/// The same where the body says what is wrong with operands: its fault<X...>() gives a refusal, or nothing.
template <class Body, class... X> using fault_of_body = decltype(Body::template fault<X...>());
template <class Body, class... X> constexpr auto compose_checked(X&&... x) {
    if constexpr ((is_poison<X> || ...)) return absorbed<X...>{};
    else if constexpr (!std::is_void_v<fault_of_body<Body, X...>>)
        return fault_of_operands<fault_of_body<Body, X...>, X...>{};
    else return compose<Body>(std::forward<X>(x)...);
}
template <class Body, class... X>
using composed_checked = checked<decltype(compose_checked<Body>(std::declval<X>()...))>;

}  // namespace detail
}  // namespace ashlar
