// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/expr/graph.hpp"
#include "ashlar/tensor/view.hpp"

namespace ashlar {

/// A node of a graph whose shape is known to the graph only: what pullbacks and update rules compute with.
struct value {
    graph* g;
    int id;

    constexpr const shape& extents() const { return g->shape_of(id); }
    constexpr dtype type() const { return g->type_of(id); }
    constexpr const attributes& attribute() const { return g->attributes_of(id); }
};

namespace detail {
template <class T, class> struct dependent {
    using type = T;
};
}  // namespace detail
/// T, as a name that depends on X: what is made of it in a template is looked at only where that is used. Every
/// pullback of every op at every include would be a fifth of what the library costs there.
template <class T, class X> using dependent = typename detail::dependent<T, X>::type;
template <class X> using value_for = dependent<value, X>;

/// A node of a graph whose shape is in its type: what a module's body computes with. However deep the body, no type
/// grows.
template <element T, std::size_t... Dims> struct handle : value {
    using expression_tag = void;
    using value_type = T;
    static constexpr int rank = static_cast<int>(sizeof...(Dims));
    static constexpr shape extent = Shape<Dims...>::value;

    // A number is asked for in a body, `if (sum(x) > 0)`, `std::tanh(x)`: the call outside reports it.
    constexpr operator double() const { return this->g->note_stranger(stranger::computed), 0; }
};

template <class T, class S> struct handle_with;
template <class T, std::size_t... Dims> struct handle_with<T, Shape<Dims...>> {
    using type = handle<T, Dims...>;
};

template <class T> inline constexpr bool is_tensor = false;
template <class T, std::size_t... Dims> inline constexpr bool is_tensor<Tensor<T, Dims...>> = true;
template <class T> inline constexpr bool is_view = false;
template <class T, std::size_t... Dims> inline constexpr bool is_view<TensorView<T, Dims...>> = true;
template <class T> inline constexpr bool is_handle = false;
template <class T, std::size_t... Dims> inline constexpr bool is_handle<handle<T, Dims...>> = true;

/// Spelled as a sentence because compilers print it where a module's body is given a Tensor.
template <class X> concept a_tensor_enters_a_module_through_ashlar_call = !is_tensor<std::remove_cvref_t<X>>;

/// What the body of a module takes: nodes, named leaves, views and handles. A Tensor is refused, since a by-value
/// parameter would dangle: write `ashlar::call(module, tensor)`.
template <class X>
concept expression = a_tensor_enters_a_module_through_ashlar_call<X> &&
                     (typed_expression<X> || is_view<std::remove_cvref_t<X>> || is_poison<X>);

template <class X>
concept tensorial = typed_expression<X> || is_tensor<std::remove_cvref_t<X>> || is_view<std::remove_cvref_t<X>> ||
                    std::same_as<std::remove_cvref_t<X>, value> || is_poison<X>;

/// A run-time option of a layer: a number that the body refers to, so that it is bound at the call and never read while
/// tracing. Elsewhere it is its value.
struct option {
    double value;
    constexpr option(double v = 0) : value{v} {}
    template <tensorial X>
        requires(std::remove_cvref_t<X>::extent.rank > 0)
    constexpr option(const X&) : value{} {
        [[maybe_unused]] poison& fault = refused<an_option_is_a_number__a_loss_is_called_after_its_own_braces<X>>;
    }
    constexpr operator double() const { return value; }
    constexpr option& operator=(double v) { return value = v, *this; }
    constexpr option& operator+=(double v) { return value += v, *this; }
    constexpr option& operator-=(double v) { return value -= v, *this; }
    constexpr option& operator*=(double v) { return value *= v, *this; }
    constexpr option& operator/=(double v) { return value /= v, *this; }
};

/// What options and numbers give when they are computed with, `1 - p`: see number_.
template <class X> concept computed_number = requires { typename std::remove_cvref_t<X>::number_tag; };

/// A number that a body does not know while it is traced.
template <class X> concept unknown_number = std::same_as<std::remove_cvref_t<X>, option> || computed_number<X>;

/// A number known while compiling: a constant of the graph also in a typed expression.
template <index Numerator, index Denominator = 1> struct ratio {};

template <class X> inline constexpr bool is_ratio = false;
template <index N, index D> inline constexpr bool is_ratio<ratio<N, D>> = true;

template <class X>
concept scalar = std::is_arithmetic_v<std::remove_cvref_t<X>> || unknown_number<X> || is_ratio<std::remove_cvref_t<X>>;

/// What makes an operator or a function one of the library's where numbers stand beside it.
template <class X> concept symbolic = tensorial<X> || unknown_number<X>;

/// What the library's functions take. By a constant: so the errors of clang say this and not, in 60 lines, why a type
/// is none of all that there is.
template <class X> inline constexpr bool is_a_tensor_an_expression_or_a_number = tensorial<X> || scalar<X>;
template <class X> concept operand = is_a_tensor_an_expression_or_a_number<X>;

namespace detail {

constexpr int member_node(graph& g, const void* address, const shape& extent) {
    for (int i = 0; i < g.members.size(); ++i) {
        // Bodies mostly use their members in order: begin where the last search ended.
        const int at = (g.last_member + i) % g.members.size();
        // A tensor's first element has the address of all of them.
        if (g.members[at].address == address && g.shape_of(g.members[at].node) == extent)
            return g.last_member = at, g.members[at].node;
    }
    return no_index;
}

// A tensor that a body refers to: the input that the member is.
constexpr int tensor_node(graph& g, const void* data, dtype type, const shape& extent) {
    const int id = member_node(g, data, extent);
    return id >= 0 ? id : (g.note_stranger(stranger::tensor), g.input_node(type, type, extent));
}

}  // namespace detail
}  // namespace ashlar
