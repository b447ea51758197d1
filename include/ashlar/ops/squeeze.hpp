// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/reduction.hpp"

namespace ashlar {

namespace detail {

template <int... Axes> struct squeeze_of {
    template <class X> static constexpr int bad_axis() {
        const shape s = std::remove_cvref_t<X>::extent;
        int bad = max_rank;
        ((bad = bad == max_rank && s[Axes < 0 ? Axes + s.rank : Axes] != 1 ? Axes : bad), ...);
        return bad;
    }
    template <class X> static constexpr auto fault() {
        if constexpr (!std::is_void_v<reduction_fault<X, Axes...>>) return reduction_fault<X, Axes...>{};
        else if constexpr (bad_axis<X>() != max_rank)
            return squeeze_needs_an_axis_of_extent_1<shape_t<X>, bad_axis<X>()>{};
    }
    template <class X> static constexpr shape left() {
        const shape s = std::remove_cvref_t<X>::extent;
        int gone = axes_of<Axes...>(s.rank).reduced;
        for (int i = 0; i < s.rank; ++i) gone &= s[i] == 1 ? -1 : ~(1 << i);
        return reduced_shape(s, gone, gone);
    }
    template <class X> static constexpr auto apply(X&& x) {
        if constexpr (is_poison<X>) return absorbed<X>{};
        else if constexpr (!std::is_void_v<decltype(fault<X>())>) return fault_of_operands<decltype(fault<X>()), X>{};
        else return reshape_to(std::forward<X>(x), dims_of<shape_constant<left<X>()>>{});
    }
};

}  // namespace detail

/// Removes axes of extent 1: all of them, or those that are named. `squeeze(x)`, `squeeze<0, -1>(x)`.
template <int... Axes, operand X>
constexpr checked<decltype(detail::squeeze_of<Axes...>::apply(std::declval<X>()))> squeeze(X&& x) {
    return detail::squeeze_of<Axes...>::apply(std::forward<X>(x));
}

}  // namespace ashlar
