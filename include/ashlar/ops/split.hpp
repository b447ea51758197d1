// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/expr/together.hpp"
#include "ashlar/ops/view.hpp"

namespace ashlar {

template <class Operand, int Axis, index... Sizes> struct split_sizes_do_not_add_up : refusal {};

namespace detail {

template <int Axis, index... Sizes> struct splitter {
    static constexpr index begin_of(std::size_t part) {
        const index size[] = {Sizes...};
        index begin = 0;
        for (std::size_t i = 0; i < part; ++i) begin += size[i];
        return begin;
    }
    template <class... E> static constexpr expressions<E...> gather(const E&... parts) { return {pack(parts...)}; }
    template <class X, std::size_t... At> static constexpr auto split(const X& x, std::index_sequence<At...>) {
        return gather(slice<Axis, begin_of(At), begin_of(At) + Sizes>(x)...);
    }
};

}  // namespace detail

/// The consecutive parts of x along an axis, of the sizes given: they add up to the extent. Derivative: g in its place.
template <int Axis, index... Sizes, operand X> constexpr auto split(X&& x) {
    using of = detail::splitter<Axis, Sizes...>;
    if constexpr (is_poison<X>) {
        return of::gather((static_cast<void>(Sizes), absorbed<X>{})...);
    } else {
        constexpr shape s = std::remove_cvref_t<X>::extent;
        constexpr int axis = Axis < 0 ? Axis + s.rank : Axis;
        if constexpr (axis < 0 || axis >= s.rank) {
            [[maybe_unused]] poison& fault = refused<axis_out_of_range<shape_t<X>, Axis>>;
            return of::gather((static_cast<void>(Sizes), poison{})...);
        } else if constexpr ((Sizes + ... + 0) != s[axis] || ((Sizes < 1) || ...)) {
            [[maybe_unused]] poison& fault = refused<split_sizes_do_not_add_up<shape_t<X>, Axis, Sizes...>>;
            return of::gather((static_cast<void>(Sizes), poison{})...);
        } else {
            return of::split(detail::as_node(std::forward<X>(x)), std::make_index_sequence<sizeof...(Sizes)>{});
        }
    }
}

}  // namespace ashlar
