// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/concat.hpp"
#include "ashlar/ops/view.hpp"

namespace ashlar {

template <class Operand, int... Axes> struct an_axis_is_named_twice : refusal {};

namespace detail {

constexpr attributes flipped(const shape& s, int axes) {
    attributes a{};
    for (int i = 0; i < s.rank; ++i)
        if ((axes >> i & 1) != 0) set_axis(a, i, {i, s[i] - 1, -1, s[i]});
        else set_axis(a, i, {i, 0, 1, s[i]});
    return a;
}
// Axis `from` at place `to`, the others in their order.
constexpr attributes with_moved_axis(const shape& s, int from, int to) {
    attributes a{};
    for (int i = 0; i < s.rank; ++i) {
        const int rest = i < to ? i : i - 1, axis = i == to ? from : rest < from ? rest : rest + 1;
        set_axis(a, i, {axis, 0, 1, s[axis]});
    }
    return a;
}

template <int... Axes, class X> constexpr auto flip_axes(X&& x) {
    if constexpr (is_poison<X>) {
        return absorbed<X>{};
    } else if constexpr (!std::is_void_v<reduction_fault<X, Axes...>>) {
        return fault_of_operands<reduction_fault<X, Axes...>, X>{};
    } else {
        constexpr shape s = std::remove_cvref_t<X>::extent;
        constexpr int axes = axes_of<Axes...>(s.rank).reduced;
        if constexpr (sizeof...(Axes) > 0 && std::popcount(static_cast<unsigned>(axes)) != sizeof...(Axes))
            return fault_of_operands<an_axis_is_named_twice<shape_t<X>, Axes...>, X>{};
        else return apply<view_op, attributes_constant<flipped(s, axes)>>(std::forward<X>(x));
    }
}
template <int From, int To, class X> constexpr auto move_axis(X&& x) {
    if constexpr (is_poison<X>) {
        return absorbed<X>{};
    } else if constexpr (!std::is_void_v<reduction_fault<X, From, To>>) {
        return fault_of_operands<reduction_fault<X, From, To>, X>{};
    } else {
        constexpr shape s = std::remove_cvref_t<X>::extent;
        constexpr int from = From < 0 ? From + s.rank : From, to = To < 0 ? To + s.rank : To;
        return apply<view_op, attributes_constant<with_moved_axis(s, from, to)>>(std::forward<X>(x));
    }
}

template <int Shift, int... Axis> struct roll_body {
    template <class X> static constexpr auto fault() {
        if constexpr (sizeof...(Axis) > 0) return reduction_fault<X, Axis...>();
    }
    constexpr auto operator()(auto x) const {
        constexpr shape s = decltype(x)::extent;
        if constexpr (sizeof...(Axis) == 0 && s.rank != 1) {
            constexpr auto n = static_cast<std::size_t>(s.size());
            return reshape_to(roll_body<Shift, 0>{}(reshape<n>(x)), dims_of<decltype(x)>{});
        } else {
            constexpr int axis = (Axis + ... + 0);
            constexpr index n = s[axis < 0 ? axis + s.rank : axis], shift = (Shift % n + n) % n;
            if constexpr (shift == 0) return x;
            else return concat<axis>(slice<axis, n - shift, n>(x), slice<axis, 0, n - shift>(x));
        }
    }
};
}  // namespace detail

/// Reverses axes, all if none is named; no copy. Derivative: the reverse of g.
template <int... Axes, operand X>
constexpr checked<decltype(detail::flip_axes<Axes...>(std::declval<X>()))> flip(X&& x) {
    return detail::flip_axes<Axes...>(std::forward<X>(x));
}

/// Axis From becomes axis To, the others stay in their order; no copy.
template <int From, int To, operand X>
constexpr checked<decltype(detail::move_axis<From, To>(std::declval<X>()))> movedim(X&& x) {
    return detail::move_axis<From, To>(std::forward<X>(x));
}

/// Exchanges two axes: NumPy's name of transpose.
template <int First, int Second, operand X> constexpr decltype(auto) swapaxes(X&& x) {
    return transpose<First, Second>(std::forward<X>(x));
}

/// Shifts the elements along an axis, those that leave it at the end come in at the beginning: `roll<1, 0>(x)`. Without
/// an axis in row-major order of all elements. A negative shift goes the other way. Value: y[i] = x[(i - Shift) mod n].
/// Derivative: g, rolled back.
template <int Shift, int... Axis, operand X>
    requires(sizeof...(Axis) < 2)
constexpr detail::composed_checked<detail::roll_body<Shift, Axis...>, X> roll(X&& x) {
    return detail::compose_checked<detail::roll_body<Shift, Axis...>>(std::forward<X>(x));
}

}  // namespace ashlar
