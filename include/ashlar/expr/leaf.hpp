// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/expr/address.hpp"
#include "ashlar/expr/tracer.hpp"
#include "ashlar/expr/value.hpp"

namespace ashlar {

/// The text of a template argument: `leaf<"x", float, 3>`.
template <std::size_t N> struct fixed_string {
    char text[N]{};
    constexpr fixed_string() = default;
    constexpr fixed_string(const char (&s)[N]) {
        for (std::size_t i = 0; i < N; ++i) text[i] = s[i];
    }
};

namespace detail {
// Whether a number is itself as the double that a graph keeps of it.
template <class X> constexpr bool is_exact(const X& x) {
    if constexpr (std::is_integral_v<X> && sizeof(X) == 8) return x / (X{1} << 53) == 0;
    else return true;
}
}  // namespace detail

template <std::size_t N, std::size_t M> constexpr bool same_text(const fixed_string<N>& a, const fixed_string<M>& b) {
    if (N != M) return false;
    for (std::size_t i = 0; i < N; ++i)
        if (a.text[i] != b.text[i]) return false;
    return true;
}

/// What gives several results: `together(a, b)`, and the call of a module whose body returns that.
template <class X> concept several_results = requires { typename std::remove_cvref_t<X>::together_tag; };

/// The named leaves of an expression, each once.
template <class... Leaves> struct leaf_list {};

template <class First, class Second> struct two_leaves_of_one_name_differ : refusal {};

/// A tensor or a view that an expression refers to; constant for `grad`.
template <element T, std::size_t... Dims> struct tensor_leaf {
    using expression_tag = void;
    using value_type = T;
    static constexpr shape extent = Shape<Dims...>::value;
    const T* data;

    using named = leaf_list<>;
    template <auto Name> static constexpr bool mentions = false;
    template <class M> static constexpr int calls = 0;
    template <class Tracer> static constexpr int trace(Tracer& t) { return t.leaf(dtype_of<T>, extent); }
    template <class Binder> [[gnu::always_inline]] constexpr void bind(Binder& b) const {
        if constexpr (Binder::names) b.add_tensor(data, extent);
        else b.add(data);
    }
    constexpr int embed(graph& g) const { return detail::tensor_node(g, data, dtype_of<T>, extent); }
    constexpr operator T() const
        requires(sizeof...(Dims) == 0)
    {
        return *data;
    }
};

/// A view that an expression refers to: its memory may overlap that of another view in part.
template <element T, std::size_t... Dims> struct view_leaf : tensor_leaf<T, Dims...> {
    template <class Tracer> static constexpr int trace(Tracer& t) {
        const int id = tensor_leaf<T, Dims...>::trace(t);
        t.inputs.back().view = true;
        return id;
    }
};

/// A temporary tensor that an expression keeps the value of.
template <element T, std::size_t... Dims> struct held_tensor {
    using expression_tag = void;
    using value_type = T;
    static constexpr shape extent = Shape<Dims...>::value;
    Tensor<T, Dims...> held;

    using named = leaf_list<>;
    template <auto Name> static constexpr bool mentions = false;
    template <class M> static constexpr int calls = 0;
    template <class Tracer> static constexpr int trace(Tracer& t) { return t.leaf(dtype_of<T>, extent); }
    template <class Binder> [[gnu::always_inline]] constexpr void bind(Binder& b) const {
        if constexpr (Binder::names) b.add_tensor(held.data(), extent);
        else b.add(held.data());
    }
    constexpr int embed(graph& g) const { return detail::tensor_node(g, held.data(), dtype_of<T>, extent); }
};

/// A number in an expression: an input of the program, since it may differ the next time.
template <element T> struct scalar_leaf {
    using expression_tag = void;
    using value_type = T;
    static constexpr shape extent{};
    T held;

    using named = leaf_list<>;
    template <auto Name> static constexpr bool mentions = false;
    template <class M> static constexpr int calls = 0;
    template <class Tracer> static constexpr int trace(Tracer& t) { return t.leaf(dtype_of<T>, extent); }
    template <class Binder> [[gnu::always_inline]] constexpr void bind(Binder& b) const { b.add(&held); }
    constexpr int embed(graph& g) const {
        if (!detail::is_exact(held)) g.note_stranger(stranger::large);
        return g.constant(static_cast<double>(held), dtype_of<T>);
    }
};

/// An option, or what was computed of options, in an expression. In a body that is traced its value is not known.
template <element T, class Number> struct number_leaf : scalar_leaf<T> {
    Number number;
    constexpr explicit number_leaf(const Number& n)
        : scalar_leaf<T>{n.known() ? static_cast<T>(n.number()) : T{}}, number{n} {}
    constexpr int embed(graph& g) const { return number.node(g, dtype_of<T>); }
};

/// A number known while compiling.
template <element T, index Numerator, index Denominator> struct constant_leaf {
    using expression_tag = void;
    using value_type = T;
    static constexpr shape extent{};
    static constexpr double held = static_cast<double>(Numerator) / static_cast<double>(Denominator);

    using named = leaf_list<>;
    template <auto Name> static constexpr bool mentions = false;
    template <class M> static constexpr int calls = 0;
    template <class Tracer> static constexpr int trace(Tracer& t) { return t.constant(held, dtype_of<T>); }
    constexpr void bind(auto&) const {}
    constexpr int embed(graph& g) const { return g.constant(held, dtype_of<T>); }
};

/// A named leaf: `variable<"x">(a)`. Within one expression the name is the identity.
template <fixed_string Name, element T, std::size_t... Dims> struct leaf {
    using expression_tag = void;
    using value_type = T;
    static constexpr shape extent = Shape<Dims...>::value;
    static constexpr auto name = Name;
    const T* data;

    constexpr operator double() const  // std::sin(x): ashlar::sin(x)
        requires(sizeof...(Dims) > 0)
    = delete;
    using named = leaf_list<leaf>;
    template <auto Other> static constexpr bool mentions = same_text(Name, Other);
    template <class M> static constexpr int calls = 0;
    template <class Tracer> static constexpr int trace(Tracer& t) {
        return t.named_leaf(Name.text, dtype_of<T>, extent);
    }
    template <class Binder> [[gnu::always_inline]] constexpr void bind(Binder& b) const {
        if constexpr (Binder::names) b.add_tensor(data, extent, Name.text);
        else b.add(data);
    }
    constexpr int embed(graph& g) const { return detail::tensor_node(g, data, dtype_of<T>, extent); }
};

/// A named leaf that is a view.
template <fixed_string Name, element T, std::size_t... Dims> struct leaf_of_view : leaf<Name, T, Dims...> {
    template <class Tracer> static constexpr int trace(Tracer& t) {
        const int id = leaf<Name, T, Dims...>::trace(t);
        t.inputs[t.find(Name.text)].view = true;
        return id;
    }
};

/// Names a tensor, so that `grad` can be asked for it. Refers to the tensor, does not copy it.
template <fixed_string Name, element T, std::size_t... Dims>
constexpr leaf<Name, T, Dims...> variable(const Tensor<T, Dims...>& t) {
    return {t.data()};
}
template <fixed_string Name, element T, std::size_t... Dims> void
variable(const Tensor<T, Dims...>&&) = delete;  // would dangle
template <tensorial X> constexpr poison variable(const X&) {
    [[maybe_unused]] poison& fault = refused<a_variable_has_a_name__as_in_variable_x_in_angles_and_quotes<X>>;
    return {};
}
template <fixed_string Name, class T, std::size_t... Dims>
constexpr leaf_of_view<Name, std::remove_const_t<T>, Dims...> variable(const TensorView<T, Dims...>& t) {
    return {{t.data()}};
}

namespace detail {

// Lists of leaves joined; a fault where one name stands for two shapes or element types.
template <class A, class B> struct joined_leaves;
template <class... A> struct joined_leaves<leaf_list<A...>, leaf_list<>> {
    using type = leaf_list<A...>;
    using fault = void;
};
template <class L> struct clash_with {
    template <class... A> static constexpr bool any = ((same_text(A::name, L::name) && !std::same_as<A, L>) || ...);
    template <class First, class... A> static auto find() {
        if constexpr (same_text(First::name, L::name)) return two_leaves_of_one_name_differ<First, L>{};
        else return find<A...>();
    }
};
template <class... A, class L, class... B> struct joined_leaves<leaf_list<A...>, leaf_list<L, B...>> {
    using with = std::conditional_t<(std::same_as<A, L> || ...), leaf_list<A...>, leaf_list<A..., L>>;
    using rest = joined_leaves<with, leaf_list<B...>>;
    using type = typename rest::type;
    using fault = typename decltype([] {
        if constexpr (clash_with<L>::template any<A...>)
            return std::type_identity<decltype(clash_with<L>::template find<A...>())>{};
        else return std::type_identity<typename rest::fault>{};
    }())::type;
};
template <class... Lists> struct all_leaves {
    using type = leaf_list<>;
    using fault = void;
};
template <class A> struct all_leaves<A> {
    using type = A;
    using fault = void;
};
template <class A, class B, class... Rest> struct all_leaves<A, B, Rest...> {
    using two = joined_leaves<A, B>;
    using rest = all_leaves<typename two::type, Rest...>;
    using type = typename rest::type;
    using fault = std::conditional_t<std::is_void_v<typename two::fault>, typename rest::fault, typename two::fault>;
};

template <class T, std::size_t... Dims> constexpr tensor_leaf<T, Dims...> as_node(const Tensor<T, Dims...>& t) {
    return {t.data()};
}
template <class T, std::size_t... Dims> constexpr held_tensor<T, Dims...> as_node(Tensor<T, Dims...>&& t) {
    return {t};
}
template <class T, std::size_t... Dims> constexpr held_tensor<T, Dims...> as_node(const Tensor<T, Dims...>&& t) {
    return {t};
}
template <class T, std::size_t... Dims>
constexpr view_leaf<std::remove_const_t<T>, Dims...> as_node(const TensorView<T, Dims...>& t) {
    return {{t.data()}};
}
template <typed_expression E> constexpr const E& as_node(const E& e) { return e; }
template <several_results E> constexpr const E& as_node(const E& e) { return e; }

template <class X> using node_of = std::remove_cvref_t<decltype(as_node(std::declval<X>()))>;

}  // namespace detail
}  // namespace ashlar
