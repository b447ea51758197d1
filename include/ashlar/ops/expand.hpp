// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/elementwise.hpp"

namespace ashlar {

/// Repeats along axes of extent 1, without a copy where the reader broadcasts.
/// Value: x[i] with the expanded indices at 0. Derivative: the sum over the expanded axes.
/// Shapes: NumPy's broadcast_to.
struct expand_op : elementwise<1> {
    static constexpr const char* name = "expand";
    static constexpr int cost = 0;
    static constexpr bool broadcasts = false;
    template <class Attributes, class S> using fault = void;
    static constexpr dtype result_type(const attributes&, dtype x) { return x; }
    static constexpr shape infer(const attributes& a, const shape&) {
        shape s{};
        s.rank = a.count;
        for (int i = 0; i < a.count; ++i) s.extent[i] = a.value[i];
        return s;
    }
    static constexpr auto eval(auto x) { return x; }
    static constexpr value pullback(auto g, auto, auto) { return g; }
    static constexpr int simplify(graph& g, const int* x, const attributes& a) {
        return g.shape_of(x[0]) == infer(a, {}) ? x[0] : no_index;
    }
};

namespace detail {

constexpr attributes attributes_of(const shape& s) {
    attributes a{};
    a.count = s.rank;
    for (int i = 0; i < s.rank; ++i) a.value[i] = s[i];
    return a;
}

template <class S> struct attributes_of_dims;
template <std::size_t... Dims> struct attributes_of_dims<Shape<Dims...>> {
    using type = static_attributes<static_cast<index>(Dims)...>;
};

}  // namespace detail

constexpr value expand_value(value x, const shape& s) {
    return x.extents() == s ? x : apply_values<expand_op>(detail::attributes_of(s), x);
}

template <std::size_t... Dims, operand X> constexpr auto expand(X&& x) {
    if constexpr (is_poison<X>) {
        return absorbed<X>{};
    } else {
        constexpr auto fit = broadcast(std::remove_cvref_t<X>::extent, Shape<Dims...>::value);
        if constexpr (!fit.ok || !(fit.value == Shape<Dims...>::value)) {
            if constexpr (detail::in_a_body<X>) {
                return deferred<expand_cannot_reach_shape<shape_t<X>, Shape<Dims...>>>{};
            } else {
                poison& fault = refused<expand_cannot_reach_shape<shape_t<X>, Shape<Dims...>>>;
                return fault;
            }
        } else {
            return apply<expand_op, static_attributes<static_cast<index>(Dims)...>>(std::forward<X>(x));
        }
    }
}

namespace detail {
template <class X, std::size_t... Dims> constexpr auto expand_to(X&& x, Shape<Dims...>) {
    return expand<Dims...>(std::forward<X>(x));
}
}  // namespace detail

}  // namespace ashlar
