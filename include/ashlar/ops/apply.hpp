// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/number.hpp"

namespace ashlar {

/// No adjoint: the argument has no influence on the result, or is no real number.
inline constexpr value none{nullptr, no_index};

/// The adjoints of several arguments, in their order.
struct adjoints {
    value of[3] = {none, none, none};
};

namespace detail {

template <class X> inline constexpr bool is_scalar_v = scalar<X>;
template <class X> inline constexpr bool is_value_v = std::same_as<std::remove_cvref_t<X>, value>;
template <class X> inline constexpr bool is_handle_v = is_handle<std::remove_cvref_t<X>>;

// In the body of a module a fault stays in the type of the result,
// for the call outside to report it at the user's line.
template <class... X> inline constexpr bool in_a_body = (is_handle_v<X> || ...);
template <class Fault, class... X> using fault_of_operands =
    std::conditional_t<in_a_body<X...>, deferred<Fault>, Fault>;

template <class X> constexpr dtype type_or_bool() {
    if constexpr (scalar<X>) return dtype::boolean;
    else return dtype_of<typename std::remove_cvref_t<X>::value_type>;
}
template <class X> inline constexpr bool is_floating_scalar =
    std::is_floating_point_v<std::remove_cvref_t<X>> || std::same_as<std::remove_cvref_t<X>, option>;
template <computed_number X> inline constexpr bool is_floating_scalar<X> = std::remove_cvref_t<X>::floating;
// Options and numbers, at least one of them not known while a body is traced.
template <class... X> inline constexpr bool only_numbers = (scalar<X> && ...) && (unknown_number<X> || ...);
template <index N, index D> inline constexpr bool is_floating_scalar<ratio<N, D>> = D != 1;

// A scalar takes the type of the tensors beside it; only a floating one beside whole numbers makes them float32.
constexpr dtype scalar_type(std::initializer_list<dtype> types, bool floating) {
    dtype tensors = dtype::boolean;
    for (const dtype t : types) assign(tensors, promote(tensors, t));
    if (floating && !is_floating(tensors)) return dtype::float32;
    return is_boolean(tensors) ? dtype::int32 : tensors;
}
template <class... X>
inline constexpr dtype scalar_type_beside = scalar_type({type_or_bool<X>()...}, (is_floating_scalar<X> || ...));

// The dtype that scalars take beside values, which know theirs only in the graph.
template <class X> constexpr dtype value_type_or_bool(const X& x) {
    if constexpr (requires { x.g; }) return x.type();
    else return dtype::boolean;
}
template <class... X> constexpr dtype scalar_type_of_values([[maybe_unused]] const X&... x) {
    if constexpr ((is_value_v<X> && ...)) return dtype::boolean;  // there are none
    else return scalar_type({value_type_or_bool(x)...}, (is_floating_scalar<X> || ...));
}
template <class X> constexpr graph* graph_of(const X& x) {
    if constexpr (requires { x.g; }) return x.g;
    else return nullptr;
}

constexpr int id_of(graph&, const value& x, dtype) { return x.id; }
// A number in a body: a member, or known while compiling. A member that is not adapted cannot be read while it
// is traced.
constexpr int number_node(graph& g, int member, double number, bool is_constant, stranger otherwise, dtype type) {
    return member >= 0 ? member : (g.note_stranger(is_constant ? stranger::none : otherwise), g.constant(number, type));
}
constexpr int id_of(graph& g, const option& x, dtype type) {
    const bool known = is_known(x.value);
    return number_node(g, member_node(g, &x, shape{}), known ? x.value : 0, known, stranger::option, type);
}
// A number as the graph keeps it. Whole ones wrap as their type does: 3000000000 beside int is -1294967296.
template <class X> constexpr double constant_of([[maybe_unused]] graph& g, const X& x, [[maybe_unused]] dtype type) {
    if constexpr (std::is_integral_v<X>)
        if (is_uint8(type)) return static_cast<double>(static_cast<std::uint8_t>(x));
    if constexpr (std::is_integral_v<X> && sizeof(X) >= sizeof(std::int32_t)) {
        if (type == dtype::int32) return static_cast<double>(static_cast<std::int32_t>(x));
        if (type == dtype::int64 && !is_exact(x)) g.note_stranger(stranger::large);
    }
    return static_cast<double>(x);
}

template <class X>
    requires std::is_arithmetic_v<X>
constexpr int id_of(graph& g, const X& x, dtype type) {
    const bool known = is_known(x);
    return number_node(g, g.plain_members ? member_node(g, &x, shape{}) : no_index, known ? constant_of(g, x, type) : 0,
                       known, stranger::number, type);
}
template <computed_number X> constexpr int id_of(graph& g, const X& x, dtype type) { return x.node(g, type); }
template <class T, std::size_t... Dims> constexpr int id_of(graph& g, const Tensor<T, Dims...>& x, dtype) {
    return tensor_node(g, x.data(), dtype_of<T>, Tensor<T, Dims...>::extent);
}
template <class X>
    requires(typed_expression<X> && !is_handle<X>)
constexpr int id_of(graph& g, const X& x, dtype) {
    return x.embed(g);
}

template <index N, index D> constexpr int id_of(graph& g, ratio<N, D>, dtype type) {
    return g.constant(static_cast<double>(N) / static_cast<double>(D), type);
}

template <dtype Scalar, index N, index D> constexpr auto leaf_of(ratio<N, D>) {
    return constant_leaf<typename element_of<Scalar>::type, N, D>{};
}
template <dtype Scalar, class X>
    requires(!is_ratio<std::remove_cvref_t<X>>)
constexpr auto leaf_of(X&& x) {
    if constexpr (unknown_number<X>) {
        return number_leaf<typename element_of<Scalar>::type, held_scalar<std::remove_cvref_t<X>>>{
            held_scalar<std::remove_cvref_t<X>>{x}};
    } else if constexpr (scalar<X>) {
        using T = typename element_of<Scalar>::type;
        return scalar_leaf<T>{static_cast<T>(x)};
    } else {
        return as_node(std::forward<X>(x));
    }
}

// Most operands of pullbacks are values: no overload has to be looked for.
template <class X> constexpr int operand_node(graph& g, const X& x, dtype scalars) {
    if constexpr (requires { x.g; }) return x.id;
    else return id_of(g, x, scalars);
}

template <class Op, class Attributes, class Holder, class... X>
constexpr auto handle_node(const X&... x) {
    using T = typename element_of<Holder::type>::type;
    graph* g = nullptr;
    ((g = g == nullptr ? graph_of(x) : g), ...);
    const int ids[] = {operand_node(*g, x, scalar_type_beside<X...>)...};
    return typename handle_with<T, dims_of<Holder>>::type{
        {g, g->make(record<Op>, ids, sizeof...(X), Holder::extent, Holder::type, Attributes::value)}};
}

// Shape and type of an operand, scalars included, as `detail::result` wants them.
template <dtype Scalar, class X> struct facts {
    using value_type = typename std::remove_cvref_t<X>::value_type;
    static constexpr shape extent = std::remove_cvref_t<X>::extent;
};
template <dtype Scalar, scalar X> struct facts<Scalar, X> {
    using value_type = typename element_of<Scalar>::type;
    static constexpr shape extent{};
};

}  // namespace detail

/// An option of the module that is traced as an operand of its own, for where no handle stands beside it.
template <class T, std::size_t... Dims> constexpr handle<float> beside(const handle<T, Dims...>& x, const option& o) {
    return {{x.g, detail::id_of(*x.g, o, dtype::float32)}};
}

namespace detail {

template <class Op, std::size_t... At> constexpr value append(graph& g, const int* ids, const attributes& a,
                                                              std::index_sequence<At...>) {
    if constexpr (requires { requires Op::broadcasts; })
        return {&g,
                g.make_elementwise(record<Op>, ids, sizeof...(At), Op::result_type(a, g.nodes[ids[At]].type...), a)};
    else
        return {&g, g.make(record<Op>, ids, sizeof...(At), Op::infer(a, g.shape_of(ids[At])...),
                           Op::result_type(a, g.type_of(ids[At])...), a)};
}

}  // namespace detail

/// An op of values, with attributes that are known to the graph only.
template <class Op, class... X> constexpr value apply_values(const attributes& a, const X&... x) {
    graph* g = nullptr;
    ((g = g == nullptr ? detail::graph_of(x) : g), ...);
    [[maybe_unused]] const dtype scalars = detail::scalar_type_of_values(x...);
    const int ids[] = {detail::operand_node(*g, x, scalars)...};
    return detail::append<Op>(*g, ids, a, std::make_index_sequence<sizeof...(X)>{});
}

/// An op applied to operands of any sort: in a body or a pullback it appends to the graph, elsewhere it makes a typed
/// node. Where operands do not fit it returns the fault: the function that the user called, declared as `applied`,
/// reports it.
template <class Op, class Attributes = no_attributes, operand... X>
    requires(!(detail::is_value_v<X> || ...))
constexpr auto apply(X&&... x) {
    if constexpr ((is_poison<X> || ...)) {
        return absorbed<X...>{};
    } else if constexpr (detail::only_numbers<X...>) {
        using made = typename number_<Op, Attributes, detail::held_scalar<std::remove_cvref_t<X>>...>::type;
        return made{detail::pack(detail::held_scalar<std::remove_cvref_t<X>>{x}...)};
    } else {
        constexpr dtype scalars = detail::scalar_type_beside<X...>;
        using fault = typename Op::template fault<Attributes, dims_of<detail::facts<scalars, X>>...>;
        if constexpr (!std::is_void_v<fault>) {
            return detail::fault_of_operands<fault, X...>{};
        } else if constexpr ((detail::is_handle_v<X> || ...)) {
            return detail::handle_node<Op, Attributes, detail::result<Op, Attributes, detail::facts<scalars, X>...>>(
                x...);
        } else {
            using clash = typename detail::all_leaves<
                typename std::remove_cvref_t<decltype(detail::leaf_of<scalars>(std::declval<X>()))>::named...>::fault;
            if constexpr (!std::is_void_v<clash>) {
                return clash{};
            } else {
                using made =
                    typename node_<Op, Attributes,
                                   std::remove_cvref_t<decltype(detail::leaf_of<scalars>(std::declval<X>()))>...>::type;
                return made{detail::pack(detail::leaf_of<scalars>(std::forward<X>(x))...)};
            }
        }
    }
}

// Its type is known without its body, in which the op's own pullback may use the op.
template <class Op, class Attributes = no_attributes, operand... X>
    requires(detail::is_value_v<X> || ...)
constexpr value apply(X&&... x) {
    return apply_values<Op>(Attributes::value, x...);
}

template <class Op, class... X> using applied = checked<decltype(apply<Op>(std::declval<X>()...))>;

}  // namespace ashlar
