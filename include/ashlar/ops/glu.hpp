// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/mul.hpp"
#include "ashlar/ops/reduction.hpp"
#include "ashlar/ops/sigmoid.hpp"
#include "ashlar/ops/silu.hpp"
#include "ashlar/ops/view.hpp"

namespace ashlar {

template <class Operand, int Axis> struct two_halves_need_an_axis_of_even_extent : refusal {};

namespace detail {

template <int Axis, bool Second, class X> constexpr auto half_of(X x) {
    constexpr index half = X::extent[Axis < 0 ? Axis + X::extent.rank : Axis] / 2;
    return slice<Axis, Second ? half : 0, Second ? 2 * half : half>(x);
}
template <auto Axis> struct glu_body {
    constexpr auto operator()(auto x) const { return half_of<Axis, false>(x) * sigmoid(half_of<Axis, true>(x)); }
};
template <auto Axis> struct swiglu_body {
    constexpr auto operator()(auto x) const { return silu(half_of<Axis, false>(x)) * half_of<Axis, true>(x); }
};

template <template <auto...> class Body, int Axis, class X> constexpr auto compose_halves(X&& x) {
    if constexpr (is_poison<X>) {
        return absorbed<X>{};
    } else if constexpr (!std::is_void_v<reduction_fault<X, Axis>>) {
        return fault_of_operands<reduction_fault<X, Axis>, X>{};
    } else {
        constexpr shape s = std::remove_cvref_t<X>::extent;
        if constexpr (s[Axis < 0 ? Axis + s.rank : Axis] % 2 != 0)
            return fault_of_operands<two_halves_need_an_axis_of_even_extent<shape_t<X>, Axis>, X>{};
        else return compose<Body<Axis>>(std::forward<X>(x));
    }
}
template <template <auto...> class Body, int Axis, class X> using of_halves =
    checked<decltype(compose_halves<Body, Axis>(std::declval<X>()))>;

}  // namespace detail

/// The gated linear unit over the halves a and b of an axis, the last unless it is said.
/// Value: a * sigmoid(b). Shapes: the axis becomes half as long. Source: Dauphin et al. 2016.
template <int Axis = -1, operand X> constexpr detail::of_halves<detail::glu_body, Axis, X> glu(X&& x) {
    return detail::compose_halves<detail::glu_body, Axis>(std::forward<X>(x));
}

/// The gate of the SwiGLU network over the halves a and b of an axis.
/// Value: silu(a) * b: (xW) and (xV) of the paper one behind the other. Source: Shazeer 2020, equation (5).
template <int Axis = -1, operand X> constexpr detail::of_halves<detail::swiglu_body, Axis, X> swiglu(X&& x) {
    return detail::compose_halves<detail::swiglu_body, Axis>(std::forward<X>(x));
}

}  // namespace ashlar
