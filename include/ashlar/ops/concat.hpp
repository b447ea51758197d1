// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/view.hpp"

namespace ashlar {

namespace detail {

template <shape Result, int Axis, index Start, class Base, class X> constexpr auto place_along(Base&& base, X&& x) {
    constexpr attributes window = [] {
        attributes a{};
        const shape s = std::remove_cvref_t<X>::extent;
        for (int i = 0; i < Result.rank; ++i) {
            a.value[4 * i] = Result[i], a.value[4 * i + 1] = i == Axis ? Start : 0;
            a.value[4 * i + 2] = 1, a.value[4 * i + 3] = s[i];
        }
        a.count = 4 * Result.rank;
        return a;
    }();
    return apply<place_op, attributes_constant<window>>(std::forward<Base>(base), std::forward<X>(x));
}

template <shape Result, int Axis, index Start, class Base> constexpr auto place_all(Base&& base) {
    return std::forward<Base>(base);
}
template <shape Result, int Axis, index Start, class Base, class X, class... Rest>
constexpr auto place_all(Base&& base, X&& x, Rest&&... rest) {
    constexpr index next = Start + std::remove_cvref_t<X>::extent[Axis];
    return place_all<Result, Axis, next>(place_along<Result, Axis, Start>(std::forward<Base>(base), std::forward<X>(x)),
                                         std::forward<Rest>(rest)...);
}

constexpr bool equal_outside(const shape& a, const shape& b, int axis) {
    if (a.rank != b.rank) return false;
    for (int i = 0; i < a.rank; ++i)
        if (i != axis && a[i] != b[i]) return false;
    return true;
}

// All parts in one element type, since they are written into one buffer.
template <class... X> constexpr dtype common_type() {
    dtype all = dtype::boolean;
    ((all = promote(all, dtype_of<typename std::remove_cvref_t<X>::value_type>)), ...);
    return all;
}
template <class T, class X> constexpr decltype(auto) as_element(X&& x) {
    if constexpr (std::same_as<T, typename std::remove_cvref_t<X>::value_type>) return std::forward<X>(x);
    else return to<T>(std::forward<X>(x));
}

template <int Axis, class First, class... Rest> struct concat_fault {
    using type = void;
};
template <int Axis, class First, class Second, class... Rest> struct concat_fault<Axis, First, Second, Rest...> {
    using type = std::conditional_t<equal_outside(First::value, Second::value, Axis < 0 ? Axis + First::rank : Axis),
                                    typename concat_fault<Axis, First, Rest...>::type,
                                    concat_shapes_differ_outside_the_axis<First, Second, Axis>>;
};

}  // namespace detail

/// Joins tensors along an axis. Derivative: the slices of g. Shapes: equal but for that axis.
template <int Axis, operand First, operand... Rest> constexpr auto concat(First&& first, Rest&&... rest) {
    if constexpr (is_poison<First> || (is_poison<Rest> || ...)) {
        return absorbed<First, Rest...>{};
    } else {
        constexpr shape s = std::remove_cvref_t<First>::extent;
        constexpr int axis = Axis < 0 ? Axis + s.rank : Axis;
        using misfit = typename detail::concat_fault<Axis, shape_t<First>, shape_t<Rest>...>::type;
        if constexpr (axis < 0 || axis >= s.rank) {
            if constexpr (detail::in_a_body<First, Rest...>) {
                return deferred<axis_out_of_range<shape_t<First>, Axis>>{};
            } else {
                poison& fault = refused<axis_out_of_range<shape_t<First>, Axis>>;
                return fault;
            }
        } else if constexpr (!std::is_void_v<misfit>) {
            if constexpr (detail::in_a_body<First, Rest...>) {
                return deferred<misfit>{};
            } else {
                poison& fault = refused<misfit>;
                return fault;
            }
        } else {
            constexpr shape whole = [] {
                shape all = std::remove_cvref_t<First>::extent;
                ((all.extent[axis] += std::remove_cvref_t<Rest>::extent[axis]), ...);
                return all;
            }();
            using type = typename element_of<detail::common_type<First, Rest...>()>::type;
            return detail::place_all<whole, axis, 0>(ratio<0>{}, detail::as_element<type>(std::forward<First>(first)),
                                                     detail::as_element<type>(std::forward<Rest>(rest))...);
        }
    }
}

/// Joins tensors of one shape along a new axis.
template <int Axis, operand First, operand... Rest> constexpr auto stack(First&& first, Rest&&... rest) {
    if constexpr (is_poison<First> || (is_poison<Rest> || ...)) {
        return absorbed<First, Rest...>{};
    } else if constexpr (!(std::same_as<shape_t<First>, shape_t<Rest>> && ...)) {
        if constexpr (detail::in_a_body<First, Rest...>) {
            return deferred<stack_needs_equal_shapes<shape_t<First>, shape_t<Rest>...>>{};
        } else {
            poison& fault = refused<stack_needs_equal_shapes<shape_t<First>, shape_t<Rest>...>>;
            return fault;
        }
    } else {
        return concat<Axis>(unsqueeze<Axis>(std::forward<First>(first)), unsqueeze<Axis>(std::forward<Rest>(rest))...);
    }
}

}  // namespace ashlar
