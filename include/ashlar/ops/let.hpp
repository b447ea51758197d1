// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/composite.hpp"

namespace ashlar {

template <std::size_t Given> struct the_function_of_let_does_not_take_so_many_arguments : refusal {};
template <class Got> struct the_function_of_let_gives_no_expression : refusal {};
struct the_function_of_let_uses_a_tensor_that_is_no_argument__give_it_as_ashlar_shared : refusal {};
struct the_function_of_let_uses_an_option_that_is_no_argument : refusal {};
struct the_function_of_let_uses_a_number_that_is_no_constant__give_it_as_ashlar_shared : refusal {};
struct the_function_of_let_uses_a_whole_number_beyond_2_to_the_53__give_it_as_ashlar_shared : refusal {};
struct the_function_of_let_has_no_values_yet__keep_the_expression_with_auto : refusal {};
struct the_function_of_let_reads_a_value_that_is_not_known_while_compiling__or_exceeds_fconstexpr_steps : refusal {};

namespace detail {

// An operand that a function gets as it is, whatever else it goes through.
template <class X> struct shared_ {
    struct type {
        using shared_tag = void;
        X held;
    };
};
template <class X> concept is_shared = requires { typename std::remove_cvref_t<X>::shared_tag; };

template <class X> constexpr auto shared_of(X&& x) {
    if constexpr (unknown_number<X>) return typename shared_<held_scalar<std::remove_cvref_t<X>>>::type{x};
    else if constexpr (scalar<X>) return typename shared_<std::remove_cvref_t<X>>::type{x};
    else return typename shared_<node_of<X>>::type{as_node(std::forward<X>(x))};
}
template <class X> constexpr decltype(auto) unshared(X&& x) {
    if constexpr (is_shared<X>) return (x.held);
    else return std::forward<X>(x);
}

template <class X> constexpr dtype type_of_argument() {
    if constexpr (several_results<X>) return dtype::boolean;
    else return type_or_bool<X>();
}
template <class... X>
inline constexpr dtype scalar_type_among =
    scalar_type({type_of_argument<X>()...}, (is_floating_scalar<std::remove_cvref_t<X>> || ...));

template <class F> inline constexpr bool captures_nothing = std::is_empty_v<F> && std::is_default_constructible_v<F>;

// ---- in a body: the function is called with handles -----------------------------------------------------------------

template <dtype Scalars, class X> constexpr auto handle_of(graph& g, const X& x) {
    if constexpr (scalar<X>) return handle<typename element_of<Scalars>::type>{{&g, id_of(g, x, Scalars)}};
    else return embed_handle(g, as_node(x));
}

// ---- outside: it is called once, while the program is traced --------------------------------------------------------

template <class F, class... H> consteval stranger stranger_in() {
    tracer<> t;
    static_cast<void>(in_order<decltype(F{}(std::declval<H>()...))>{F{}, fresh_argument<H>::in(t)...});
    return t.found;
}
template <stranger Found> constexpr auto fault_of_stranger() {
    if constexpr (Found == stranger::tensor)
        return the_function_of_let_uses_a_tensor_that_is_no_argument__give_it_as_ashlar_shared{};
    else if constexpr (Found == stranger::option) return the_function_of_let_uses_an_option_that_is_no_argument{};
    else if constexpr (Found == stranger::number)
        return the_function_of_let_uses_a_number_that_is_no_constant__give_it_as_ashlar_shared{};
    else if constexpr (Found == stranger::computed)
        return the_function_of_let_has_no_values_yet__keep_the_expression_with_auto{};
    else if constexpr (Found == stranger::large)
        return the_function_of_let_uses_a_whole_number_beyond_2_to_the_53__give_it_as_ashlar_shared{};
    else if constexpr (is_any(Found))
        return the_function_of_let_reads_a_value_that_is_not_known_while_compiling__or_exceeds_fconstexpr_steps{};
}
// The second one where the first is no constant expression: the function does what only a running program can.
template <class F, class... H, stranger Found = stranger_in<F, H...>()> constexpr auto fault_in_function(int) {
    return fault_of_stranger<Found>();
}
template <class F, class... H> constexpr auto fault_in_function(...) {
    return the_function_of_let_reads_a_value_that_is_not_known_while_compiling__or_exceeds_fconstexpr_steps{};
}

template <class F, class... Args> constexpr auto let_node(Args&&... args) {
    using node = composite_<F, std::remove_cvref_t<Args>...>;
    using fault = decltype(fault_in_function<F, handle_for<std::remove_cvref_t<Args>>...>(0));
    using clash = typename all_leaves<typename std::remove_cvref_t<Args>::named...>::fault;
    if constexpr (!std::is_void_v<clash>) return clash{};
    else if constexpr (!std::is_void_v<fault>) return fault{};
    else return typename node::type{{pack(std::forward<Args>(args)...)}};
}

template <class F, class... X> constexpr auto let_or_fault(F&& f, X&&... x) {
    using function = std::remove_cvref_t<F>;
    constexpr dtype scalars = scalar_type_among<X...>;
    if constexpr ((is_poison<X> || ...)) {
        return absorbed<X...>{};
    } else if constexpr ((is_in_a_body<X> || ...)) {
        graph& g = *graph_of_any(x...);
        return in_order<decltype(f(handle_of<scalars>(g, x)...))>{f, handle_of<scalars>(g, x)...}.result;
    } else if constexpr (!captures_nothing<function>) {
        return poison{};  // `let` says so
    } else if constexpr (!std::is_invocable_v<function,
                                              handle_for<std::remove_cvref_t<decltype(leaf_of<scalars>(x))>>...>) {
        return the_function_of_let_does_not_take_so_many_arguments<sizeof...(X)>{};
    } else {
        using result = composite_result<function, std::remove_cvref_t<decltype(leaf_of<scalars>(x))>...>;
        if constexpr (defers_a_fault<result>) return typename result::fault{};
        else if constexpr (is_poison<result>) return poison{};
        else if constexpr (!is_in_a_body<result>) return the_function_of_let_gives_no_expression<result>{};
        else return let_node<function>(leaf_of<scalars>(std::forward<X>(x))...);
    }
}

// The function stands last: the others are put behind it.
template <std::size_t Before, class First, class... Rest> constexpr auto let_in_order(First&& first, Rest&&... rest) {
    if constexpr (Before == 0) return let_or_fault(first, unshared(std::forward<Rest>(rest))...);
    else return let_in_order<Before - 1>(std::forward<Rest>(rest)..., std::forward<First>(first));
}
template <class... X> using let_result = checked<decltype(let_in_order<sizeof...(X) - 1>(std::declval<X>()...))>;

template <class... X> inline constexpr bool last_may_be_called =
    (is_in_a_body<X> || ...) || (is_poison<X> || ...) ||
    captures_nothing<std::remove_cvref_t<typename nth<sizeof...(X) - 1, X...>::type>>;

}  // namespace detail

/// An operand that the function of `let` gets as a further argument: what it uses beside what is named.
template <class X>
    requires(operand<X> || several_results<X>)
constexpr auto shared(X&& x) noexcept {
    return detail::shared_of(std::forward<X>(x));
}

/// Names expressions: `let(model(x) - y, [](auto e) { return mean(e * e); })`. The function stands
/// last. It is called once, while compiling, with one handle for each expression before it: however
/// often it uses e, e is computed once. What else it uses comes as a further argument, `shared(u)`;
/// it captures nothing, but in the body of a module, where it is called at once with handles. It
/// may return `together(...)`. Value and derivative: those of the expression without names.
template <class... X>
    requires(sizeof...(X) > 1)
constexpr detail::let_result<X...> let(X&&... x) noexcept {
    static_assert(detail::last_may_be_called<X...>,
                  "the function of ashlar::let captures nothing, [](auto e) {...}: what else it uses is an argument, "
                  "ashlar::shared(u)");
    return detail::let_in_order<sizeof...(X) - 1>(std::forward<X>(x)...);
}

}  // namespace ashlar
