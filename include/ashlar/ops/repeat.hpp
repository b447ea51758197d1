// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/sum.hpp"

namespace ashlar {

template <class Operand, index... Times> struct repeat_takes_a_number_for_each_axis_and_at_most_six : refusal {};

namespace detail {

/// x in the shape `apart`, expanded to `wide`, in the shape `result`: the axes that are repeated stand behind one of
/// their own, and neighbours that are not are one axis.
struct repeated_shapes {
    shape apart{}, wide{}, result{};
    index later[max_rank]{};  // what remains to be repeated, where it takes more axes than there are
    bool finished = true;
};

constexpr repeated_shapes repeated(const shape& x, const index* times, int count) {
    repeated_shapes r{};
    r.result.rank = count;
    bool joins = false;
    for (int i = 0; i < count; ++i) {
        const index n = i < count - x.rank ? 1 : x[i - (count - x.rank)];
        const bool fits = times[i] == 1 || r.apart.rank + (n == 1 && i + 1 == count ? 1 : 2) <= max_rank;
        const index now = fits ? times[i] : 1;
        r.later[i] = fits ? 1 : times[i], r.finished = r.finished && fits;
        r.result.extent[i] = now * n;
        if (now != 1) {
            r.apart.extent[r.apart.rank++] = 1, r.wide.extent[r.wide.rank++] = now;
            joins = false;
        }
        if (n == 1) continue;
        if (!joins) r.apart.extent[r.apart.rank++] = 1, r.wide.extent[r.wide.rank++] = 1;
        r.apart.extent[r.apart.rank - 1] *= n, r.wide.extent[r.wide.rank - 1] *= n;
        joins = true;
    }
    return r;
}

template <index... Times> struct repeat_body {
    template <class X> static constexpr auto fault() {
        constexpr int count = static_cast<int>(sizeof...(Times));
        if constexpr (count < std::remove_cvref_t<X>::extent.rank || count > max_rank || ((Times < 1) || ...))
            return repeat_takes_a_number_for_each_axis_and_at_most_six<shape_t<X>, Times...>{};
    }
    constexpr auto operator()(auto x) const {
        constexpr repeated_shapes r = [] {
            const index times[] = {Times...};
            return repeated(decltype(x)::extent, times, static_cast<int>(sizeof...(Times)));
        }();
        const auto y =
            reshape_to(expand_to(reshape_to(x, dims_of<shape_constant<r.apart>>{}), dims_of<shape_constant<r.wide>>{}),
                       dims_of<shape_constant<r.result>>{});
        if constexpr (r.finished) return y;
        else return rest<r>(y, std::make_index_sequence<sizeof...(Times)>{});
    }
    template <repeated_shapes R, std::size_t... At> static constexpr auto rest(auto y, std::index_sequence<At...>) {
        return repeat_body<R.later[At]...>{}(y);
    }
};

template <std::size_t> inline constexpr index once = 1;

// As many numbers as x has axes, the first ones 1.
template <int Rank, index... Times> constexpr auto tiling() {
    constexpr auto given = static_cast<int>(sizeof...(Times));
    return []<std::size_t... At>(std::index_sequence<At...>) {
        return repeat_body<once<At>..., Times...>{};
    }(std::make_index_sequence<static_cast<std::size_t>(Rank > given ? Rank - given : 0)>{});
}
template <index... Times> struct tile_body {
    template <class X> using repeats = decltype(tiling<std::remove_cvref_t<X>::extent.rank, Times...>());
    template <class X> static constexpr auto fault() { return repeats<X>::template fault<X>(); }
    constexpr auto operator()(auto x) const { return repeats<decltype(x)>{}(x); }
};

}  // namespace detail

/// x, so many times along each axis: `repeat<2, 3>(x)` (torch.Tensor.repeat). More numbers than axes are for new ones
/// in front. Derivative: the sum of g over the copies. Shapes: each extent times its number.
template <index... Times, operand X>
constexpr detail::composed_checked<detail::repeat_body<Times...>, X> repeat(X&& x) {
    return detail::compose_checked<detail::repeat_body<Times...>>(std::forward<X>(x));
}

/// The same with NumPy's rule: fewer numbers than axes are for the last ones.
template <index... Times, operand X> constexpr detail::composed_checked<detail::tile_body<Times...>, X> tile(X&& x) {
    return detail::compose_checked<detail::tile_body<Times...>>(std::forward<X>(x));
}

}  // namespace ashlar
