// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/composite.hpp"
#include "ashlar/ops/gather.hpp"
#include "ashlar/ops/to.hpp"

namespace ashlar {

/// `sort<0, descending>(x)`: the largest first.
struct descending_t {};
inline constexpr descending_t descending{};
/// `topk<3, 0, smallest>(x)`
struct smallest_t {};
inline constexpr smallest_t smallest{};

template <class Operand, index K, int Axis> struct topk_is_from_1_to_the_extent_of_the_axis : refusal {};

/// The places of the elements along an axis, in the order of the elements; int32, no derivative. Attributes: the axis,
/// whether the largest comes first, how many places are wanted.
struct argsort_op {
    static constexpr const char* name = "argsort";
    template <class Attributes, class S> using fault = void;
    static constexpr shape infer(const attributes& a, const shape& x) {
        shape s = x;
        s.extent[a.value[0]] = a.value[2];
        return s;
    }
    static constexpr dtype result_type(const attributes&, dtype) { return dtype::int32; }
    // No loop compares truth values or pixels: they go as whole numbers.
    template <class Op> static constexpr int simplify(graph& graph, const int* x, const attributes& a) {
        const dtype type = graph.type_of(x[0]);
        if (are_same(register_type(type), type)) return no_index;
        return apply_values<Op>(a, detail::to_type<value_for<Op>>({&graph, x[0]}, register_type(type))).id;
    }
    template <class Op> static consteval op_record describe() {
        return {
            .name = name, .id = hash_type<Op>(), .what = kind::ordering, .simplifies = true, .simplify = &simplify<Op>};
    }
};

namespace detail {

template <class Tag, auto... Options>
inline constexpr bool has_tag = (std::is_same_v<std::remove_const_t<decltype(Options)>, Tag> || ...);
template <class Tag, auto... Options>
inline constexpr bool only_tag = (std::is_same_v<std::remove_const_t<decltype(Options)>, Tag> && ...);

// The first K places along an axis, all where K is 0.
template <int Axis, index K, bool LargestFirst> struct argsort_body {
    template <class X> static constexpr auto fault() {
        if constexpr (!std::is_void_v<reduction_fault<X, Axis>>) {
            return reduction_fault<X, Axis>();
        } else if constexpr (K < 0 || K > std::remove_cvref_t<X>::extent[axis_in<X>(Axis)]) {
            return topk_is_from_1_to_the_extent_of_the_axis<shape_t<X>, K, Axis>{};
        }
    }
    template <class X> constexpr auto operator()(const X& x) const {
        constexpr int axis = axis_in<X>(Axis);
        return apply<argsort_op, static_attributes<axis, LargestFirst ? 1 : 0, (K > 0 ? K : X::extent[axis])>>(x);
    }
};
template <int Axis, index K, bool LargestFirst> struct sort_body : argsort_body<Axis, K, LargestFirst> {
    constexpr auto operator()(auto x) const {
        const auto places = argsort_body<Axis, K, LargestFirst>{}(x);
        return together(gather<Axis>(x, places), places);
    }
};

template <int Axis, auto... Options> using argsort_with = argsort_body<Axis, 0, has_tag<descending_t, Options...>>;
template <int Axis, auto... Options> using sort_with = sort_body<Axis, 0, has_tag<descending_t, Options...>>;
template <index K, int Axis, auto... Options> using topk_with =
    sort_body<Axis, (K > 0 ? K : -1), !has_tag<smallest_t, Options...>>;

}  // namespace detail

/// The places of the elements along an axis (the last unless it is said), in ascending order of the elements:
/// `argsort<0>(x)`, `argsort<0, descending>(x)`. Edges: nan is larger than any number; equal elements keep their order.
template <int Axis = -1, auto... Options, operand X>
    requires detail::only_tag<descending_t, Options...>
constexpr detail::composed_checked<detail::argsort_with<Axis, Options...>, X> argsort(X&& x) {
    return detail::compose_checked<detail::argsort_with<Axis, Options...>>(std::forward<X>(x));
}

/// The elements along an axis in their order, and their places, both as one: `auto [values, places] =
/// eval(sort<1>(x))`, `auto [values, places] = parts(sort<1, descending>(x))`. Derivative: g to where each value was.
/// Edges: as argsort (torch.sort with stable).
template <int Axis = -1, auto... Options, operand X>
    requires detail::only_tag<descending_t, Options...>
constexpr detail::composed_checked<detail::sort_with<Axis, Options...>, X> sort(X&& x) {
    return detail::compose_checked<detail::sort_with<Axis, Options...>>(std::forward<X>(x));
}

/// The K largest elements along an axis, the largest first, and their places: `topk<3>(x)`, `topk<3, 0>(x)`; the
/// smallest with `topk<3, 0, smallest>(x)`. Derivative: g to where each value was, 0 elsewhere. Edges: as argsort; of
/// equal elements the first ones.
template <index K, int Axis = -1, auto... Options, operand X>
    requires detail::only_tag<smallest_t, Options...>
constexpr detail::composed_checked<detail::topk_with<K, Axis, Options...>, X> topk(X&& x) {
    return detail::compose_checked<detail::topk_with<K, Axis, Options...>>(std::forward<X>(x));
}

}  // namespace ashlar
