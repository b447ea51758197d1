// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/expr/node.hpp"

#include <utility>

namespace ashlar {

template <class Got> struct parts_are_those_of_several_results : refusal {};

/// Several expressions, for structured bindings: `auto [a, b] = split<1, 2, 3>(x);`
template <class... E> struct expressions {
    detail::arguments<E...> parts;

    template <std::size_t At> constexpr auto get() const { return part<At>(parts); }

private:
    template <std::size_t At> static constexpr auto part(const auto& from) {
        if constexpr (At == 0) return from.first;
        else return part<At - 1>(from.rest);
    }
};

/// The values of several results, for structured bindings: `auto [q, r] = eval(together(a * b, a + b));`
template <class... T> struct results {
    detail::arguments<T...> of;

    template <std::size_t At> constexpr auto& get() & { return part<At>(of); }
    template <std::size_t At> constexpr const auto& get() const& { return part<At>(of); }
    template <std::size_t At> constexpr auto&& get() && { return std::move(part<At>(of)); }

private:
    template <std::size_t At> static constexpr auto& part(auto& from) {
        if constexpr (At == 0) return from.first;
        else return part<At - 1>(from.rest);
    }
};

/// Stands for several results of which one is at fault, once that has been reported: structured bindings still find
/// as many.
template <std::size_t Count> struct faulty_results : poison {
    template <std::size_t> constexpr poison get() const { return {}; }
};

namespace detail {

template <std::size_t At, class First, class... Rest> struct nth : nth<At - 1, Rest...> {};
template <class First, class... Rest> struct nth<0, First, Rest...> {
    using type = First;
};

/// Several nodes of a graph, whose shapes are in the type: what `together` is in a body.
template <class... H> struct handles {
    using together_tag = void;
    static constexpr std::size_t count = sizeof...(H);
    template <std::size_t At> using part = typename nth<At, H...>::type;
    graph* g;
    int id[count];

    template <std::size_t At> constexpr part<At> get() const { return {{g, id[At]}}; }
};
template <class X> inline constexpr bool are_handles = false;
template <class... H> inline constexpr bool are_handles<handles<H...>> = true;
template <class X> inline constexpr bool are_handles_v = are_handles<std::remove_cvref_t<X>>;

template <class X> struct handled {
    using type = typename handle_with<typename X::value_type, dims_of<X>>::type;
};
template <several_results X> struct handled<X> {
    using type = typename X::results;
};
template <class... H> struct handled<handles<H...>> {
    using type = handles<H...>;
};
/// What a body gets for an argument: a handle, or several.
template <class X> using handle_for = typename handled<X>::type;

template <class E, class Tracer> constexpr handle_for<E> trace_handle(Tracer& t) {
    if constexpr (several_results<E>) return E::trace(t);
    else return {{&t, E::trace(t)}};
}
template <class E> constexpr handle_for<E> embed_handle(graph& g, const E& e) {
    if constexpr (is_handle<E> || are_handles<E>) return e;
    else if constexpr (several_results<E>) return e.embed(g);
    else return {{&g, e.embed(g)}};
}

/// An argument of a body that is traced by itself: inputs of a graph.
template <class H> struct fresh_argument {
    static constexpr H in(graph& g) {
        return {{&g, g.input_node(dtype_of<typename H::value_type>, dtype_of<typename H::value_type>, H::extent)}};
    }
};
template <class... H> struct fresh_argument<handles<H...>> {
    static constexpr handles<H...> in(graph& g) { return {&g, {fresh_argument<H>::in(g).id...}}; }
};

// f(x...) as an initialisation: in braces the arguments are computed from left to right.
template <class R> struct in_order {
    R result;
    template <class F, class... X> constexpr in_order(const F& f, const X&... x) : result{f(x...)} {}
};

}  // namespace detail

/// Several expressions as one thing to evaluate.
template <class... E> struct together_ {
    struct type {
        using together_tag = void;
        using results = detail::handles<detail::handle_for<E>...>;
        static constexpr std::size_t count = sizeof...(E);
        using named = typename detail::all_leaves<typename E::named...>::type;
        template <auto Name> static constexpr bool mentions = (E::template mentions<Name> || ...);
        template <class M> static constexpr int calls = (0 + ... + E::template calls<M>);
        detail::arguments<E...> args;

        constexpr expressions<E...> parts() const { return {args}; }
        template <class Tracer> static constexpr results trace(Tracer& t) { return {&t, {E::trace(t)...}}; }
        template <class Binder> [[gnu::always_inline]] constexpr void bind(Binder& b) const { args.bind(b); }
        constexpr results embed(graph& g) const {
            return args.apply([&](const auto&... each) { return results{&g, {each.embed(g)...}}; });
        }
    };
};

/// One of several results as an expression of its own: it traces them all.
template <std::size_t At, class Several> struct part_ {
    struct type {
        using handle_type = typename Several::results::template part<At>;
        using expression_tag = void;
        using value_type = typename handle_type::value_type;
        static constexpr shape extent = handle_type::extent;
        using named = typename Several::named;
        template <auto Name> static constexpr bool mentions = Several::template mentions<Name>;
        template <class M> static constexpr int calls = Several::template calls<M>;
        Several y;

        template <class Tracer> static constexpr int trace(Tracer& t) { return Several::trace(t).id[At]; }
        template <class Binder> [[gnu::always_inline]] constexpr void bind(Binder& b) const { y.bind(b); }
        constexpr int embed(graph& g) const { return y.embed(g).id[At]; }
        constexpr operator value_type() const
            requires(extent.rank == 0)
        {
            return evaluate_scalar(*this);
        }
    };
};

namespace detail {

template <class X> inline constexpr bool is_in_a_body = is_handle<std::remove_cvref_t<X>> || are_handles_v<X>;
template <class X> constexpr graph* graph_in(const X& x) {
    if constexpr (is_in_a_body<X>) return x.g;
    else return nullptr;
}
template <class... X> constexpr graph* graph_of_any(const X&... x) {
    graph* g = nullptr;
    ((g = g == nullptr ? graph_in(x) : g), ...);
    return g;
}

template <class... X> constexpr auto together_or_fault(X&&... x) {
    if constexpr ((defers_a_fault<X> || ...)) {
        return absorbed<X...>{};
    } else if constexpr ((is_poison<X> || ...)) {
        return faulty_results<sizeof...(X)>{};
    } else if constexpr ((is_in_a_body<X> || ...)) {
        graph& g = *graph_of_any(x...);
        return handles<handle_for<std::remove_cvref_t<decltype(as_node(x))>>...>{&g,
                                                                                 {embed_handle(g, as_node(x)).id...}};
    } else if constexpr (!std::is_void_v<typename all_leaves<typename node_of<X>::named...>::fault>) {
        return typename all_leaves<typename node_of<X>::named...>::fault{};
    } else {
        return typename together_<node_of<X>...>::type{pack(as_node(std::forward<X>(x))...)};
    }
}

template <class S, std::size_t... At> constexpr auto parts_of(const S& several, std::index_sequence<At...>) {
    if constexpr (are_handles<S>)
        return expressions<typename S::template part<At>...>{pack(several.template get<At>()...)};
    else return expressions<typename part_<At, S>::type...>{pack(typename part_<At, S>::type{several}...)};
}
template <class X> constexpr auto parts_or_fault(const X& x) {
    if constexpr (is_poison<X>) return x;
    else if constexpr (!several_results<X>) return parts_are_those_of_several_results<X>{};
    else if constexpr (requires { x.parts(); }) return x.parts();
    else return parts_of(x, std::make_index_sequence<handle_for<X>::count>{});
}

}  // namespace detail

/// Several expressions, of any shapes and types, as one:
/// `auto [q, r] = eval(together(a * b, a + b))` is one program, and what is computed for both
/// is computed once. A body may return it: the call of the module then has several results.
template <class... X>
    requires(sizeof...(X) > 0 && (tensorial<X> && ...))
constexpr checked<decltype(detail::together_or_fault(std::declval<X>()...))> together(X&&... x) noexcept {
    return detail::together_or_fault(std::forward<X>(x)...);
}

/// The results of a call that has several: `auto [h2, c2] = parts(cell(x, h, c))`.
/// Outside of a body each is an expression of its own, which computes whatever it
/// needs: to compute all of them once, evaluate the whole, `eval(cell(x, h, c))`.
template <class X> constexpr checked<decltype(detail::parts_or_fault(std::declval<const X&>()))>
parts(const X& several) noexcept {
    return detail::parts_or_fault(several);
}

}  // namespace ashlar

template <class... E> struct std::tuple_size<ashlar::expressions<E...>>
    : std::integral_constant<std::size_t, sizeof...(E)> {};
template <std::size_t At, class... E> struct std::tuple_element<At, ashlar::expressions<E...>>
    : ashlar::detail::nth<At, E...> {};
template <class... T> struct std::tuple_size<ashlar::results<T...>>
    : std::integral_constant<std::size_t, sizeof...(T)> {};
template <std::size_t At, class... T> struct std::tuple_element<At, ashlar::results<T...>>
    : ashlar::detail::nth<At, T...> {};
template <std::size_t N> struct std::tuple_size<ashlar::faulty_results<N>> : std::integral_constant<std::size_t, N> {};
template <std::size_t At, std::size_t N> struct std::tuple_element<At, ashlar::faulty_results<N>> {
    using type = ashlar::poison;
};
