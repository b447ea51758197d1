// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/add.hpp"
#include "ashlar/ops/composite.hpp"
#include "ashlar/ops/exp.hpp"
#include "ashlar/ops/mul.hpp"
#include "ashlar/ops/sin.hpp"
#include "ashlar/ops/view.hpp"

namespace ashlar {

template <class X> struct rotation_needs_the_axes_length_and_pairs : refusal {};

namespace detail {

template <class X> inline constexpr bool has_pairs = [] {
    const shape s = std::remove_cvref_t<X>::extent;
    return s.rank >= 2 && s[s.rank - 1] % 2 == 0;
}();

/// Pairs of the last axis turned by position * 10000^(-2 i / width).
struct rotary_body {
    template <class X> constexpr floating<X> operator()(const X& x) const {
        return {{turned<value_for<X>>(value_for<X>{x})}};
    }

private:
    // Every second element of the last axis.
    template <class V> static constexpr V half(const V& x, index first) {
        const shape s = x.extents();
        attributes a{};
        for (int i = 0; i < s.rank; ++i)
            set_axis(a, i, i == s.rank - 1 ? view_axis{i, first, 2, s[i] / 2} : view_axis{i, 0, 1, s[i]});
        return apply_values<view_op>(a, x);
    }
    template <class V> static constexpr V turned(const V& x) {
        const shape s = x.extents();
        const index width = s[s.rank - 1], length = s[s.rank - 2];
        const double step = -2 * 9.210340371976184 / static_cast<double>(width);  // log(10000)
        const V position =
            reshape_value(to_type<V>({x.g, x.g->range(length, dtype::int32)}, x.type()), {2, {length, 1}});
        const V number = to_type<V>({x.g, x.g->range(width / 2, dtype::int32)}, x.type());
        const V angle = position * exp(number * step), c = cos(angle), z = sin(angle);
        const V even = half<V>(x, 0), odd = half<V>(x, 1);
        const V first = even * c - odd * z, second = even * z + odd * c;
        return place<V>(place<V>({x.g, x.g->constant(0, x.type())}, first, s, 0), second, s, 1);
    }
    template <class V> static constexpr V place(const V& base, const V& x, const shape& s, index first) {
        attributes w{};
        for (int i = 0; i < s.rank; ++i) {
            const bool last = i == s.rank - 1;
            w.value[4 * i] = s[i], w.value[4 * i + 1] = last ? first : 0;
            w.value[4 * i + 2] = last ? 2 : 1, w.value[4 * i + 3] = last ? s[i] / 2 : s[i];
        }
        w.count = 4 * s.rank;
        return place_value<V>(base, x, w);
    }
};

}  // namespace detail

/// Rotary position embedding of queries or keys (Su et al., arXiv:2104.09864).
/// Value: element pairs (2 i, 2 i + 1) of the last axis as vectors of the plane, turned by the angle
/// position * 10000^(-2 i / width); the position is the index along the axis before. Derivative: turned back.
/// Shapes: (..., length, width), width even.
template <operand X> constexpr auto rotary_embedding(X&& x) {
    if constexpr (is_poison<X>) {
        return absorbed<X>{};
    } else if constexpr (!detail::has_pairs<X>) {
        if constexpr (detail::in_a_body<X>) {
            return deferred<rotation_needs_the_axes_length_and_pairs<shape_t<X>>>{};
        } else {
            poison& fault = refused<rotation_needs_the_axes_length_and_pairs<shape_t<X>>>;
            return fault;
        }
    } else {
        return compose<detail::rotary_body>(std::forward<X>(x));
    }
}

}  // namespace ashlar
