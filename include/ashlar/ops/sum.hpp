// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/mul.hpp"
#include "ashlar/ops/reduction.hpp"
#include "ashlar/ops/to.hpp"

namespace ashlar {

/// The sum over axes: `sum(x)` over all, `sum<0, 1, keepdim>(x)`.
/// Derivative: g, repeated along the reduced axes. Of whole numbers and bool it is
/// int64, and wraps. Error of n numbers: at most 160 + n / 2^25 roundings (2^-24,
/// double 2^-53) of the sum of |x|; one after the other it would be n of them.
struct sum_op : reduction {
    static constexpr const char* name = "sum";
    static constexpr reducer how = reducer::sum;
    static constexpr dtype result_type(const attributes&, dtype x) { return accumulated(x); }
    static constexpr value pullback(auto g, auto, auto, index) { return g; }
};

template <auto... Options, operand X> constexpr reduced<sum_op, X, Options...> sum(X&& x) {
    return reduce<sum_op, Options...>(std::forward<X>(x));
}

/// The mean over axes. Derivative: g / n.
template <auto... Options, operand X> constexpr auto mean(X&& x) {
    if constexpr (is_poison<X>) {
        return absorbed<X>{};
    } else if constexpr (!std::is_void_v<detail::reduction_fault<X, Options...>>) {
        if constexpr (detail::in_a_body<X>) {
            return deferred<detail::reduction_fault<X, Options...>>{};
        } else {
            poison& fault = refused<detail::reduction_fault<X, Options...>>;
            return fault;
        }
    } else {
        constexpr shape s = std::remove_cvref_t<X>::extent;
        constexpr index n = s.size() / detail::reduced_shape(s, detail::axes_of<Options...>(s.rank).reduced, 0).size();
        return sum<Options...>(std::forward<X>(x)) * ratio<1, n>{};
    }
}

namespace detail {

/// Sums an adjoint that was made in the shape of a result down to an argument's shape. An extent of 1 where the result
/// has n stands for n equal values.
template <class V = value> constexpr value sum_to(std::type_identity_t<V> g, const shape& from, const shape& to) {
    const shape c = g.extents();
    int reduced = 0, dropped = 0;
    double repeats = 1;
    for (int i = 0; i < from.rank; ++i) {
        const int ic = i - (from.rank - c.rank), it = i - (from.rank - to.rank);
        const index ec = ic < 0 ? 1 : c[ic], et = it < 0 ? 1 : to[it];
        if (et == 1 && from[i] != 1 && ec == 1) repeats *= static_cast<double>(from[i]);
        if (ic >= 0 && et == 1 && ec != 1) reduced |= 1 << ic;
        if (ic >= 0 && it < 0) dropped |= 1 << ic;
    }
    if (reduced != 0 || dropped != 0) g = reduce_value<sum_op>(g, reduced | dropped, dropped);
    return repeats == 1 ? g : g * repeats;
}

}  // namespace detail
}  // namespace ashlar
