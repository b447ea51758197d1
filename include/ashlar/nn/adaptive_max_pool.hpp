// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/nn/pool.hpp"
#include "ashlar/ops/minimum.hpp"
#include "ashlar/ops/take.hpp"

namespace ashlar::nn {
namespace detail {

/// The longest of n windows that cover an axis.
constexpr index longest_cover(index in, index n) {
    index longest = 0;
    for (index i = 0; i < n; ++i) {
        const index taps = ((i + 1) * in + n - 1) / n - i * in / n;
        longest = taps > longest ? taps : longest;
    }
    return longest;
}

/// Where the elements of n windows that cover an axis are, window after window: the last one of a shorter window again
/// and again. Quotients are exact in double where they are whole.
template <index In, std::size_t N> constexpr auto covered_places(graph& g) {
    constexpr auto taps = static_cast<std::size_t>(longest_cover(In, static_cast<index>(N)));
    constexpr double in = static_cast<double>(In), n = static_cast<double>(N);
    const auto window = unsqueeze<1>(handle<double, N>{{&g, g.range(static_cast<index>(N), dtype::float64)}});
    const handle<double, taps> tap{{&g, g.range(static_cast<index>(taps), dtype::float64)}};
    const auto place = minimum(floor(window * in / n) + tap, ceil((window + 1.0) * in / n) - 1.0);
    return reshape<N * taps>(to<int>(place));
}

// The elements of n windows side by side along an axis.
template <int Axis, std::size_t N, class X> constexpr auto taken_windows(const X& x) {
    constexpr index in = X::extent[Axis];
    if constexpr (in % static_cast<index>(N) == 0) return x;
    else return take<Axis>(x, covered_places<in, N>(*x.g));
}
constexpr window_axis side_by_side(index in, std::size_t n) {
    const index taps = in / static_cast<index>(n);
    return {.in = in, .taps = taps, .stride = taps};
}

template <std::size_t... Sizes, class X> constexpr auto adaptive_maxima(const X& x) {
    constexpr std::size_t size[] = {Sizes...}, last = sizeof...(Sizes) - 1;
    constexpr int rank = X::extent.rank, dimensions = sizeof...(Sizes);
    if constexpr (rank == dimensions + 1) {
        return squeeze<0>(adaptive_maxima<Sizes...>(unsqueeze<0>(x)));
    } else {
        const auto all = taken_windows<rank - dimensions, size[0]>(taken_windows<rank - 1, size[last]>(x));
        constexpr shape s = decltype(all)::extent;
        constexpr windows over{.what = sliding::pool,
                               .dimensions = dimensions,
                               .y = dimensions > 1 ? side_by_side(s[rank - dimensions], size[0]) : window_axis{},
                               .x = side_by_side(s[rank - 1], size[last])};
        return maxima::over<over, false>(all);
    }
}

template <class Self, std::size_t... Sizes> struct adaptive_max_pool : layer<Self> {
    static constexpr pool_windows stated{{.what = sliding::pool, .dimensions = sizeof...(Sizes)}};
    template <class X, std::size_t... Index> using misfit = pool_misfit_t<Self, X, Index...>;

    constexpr auto forward(expression auto x) const {
        if constexpr (is_poison<decltype(x)>) return x;
        else return adaptive_maxima<Sizes...>(x);
    }
};

}  // namespace detail

/// The largest elements of so many windows that cover an axis each, those of AdaptiveAvgPool1d. Derivative: g to the
/// first one of equal elements. Where the number of windows divides the axis, it is a MaxPool1d.
template <std::size_t Length> struct AdaptiveMaxPool1d : detail::adaptive_max_pool<AdaptiveMaxPool1d<Length>, Length> {
};
template <std::size_t Height, std::size_t Width = Height> struct AdaptiveMaxPool2d
    : detail::adaptive_max_pool<AdaptiveMaxPool2d<Height, Width>, Height, Width> {};

}  // namespace ashlar::nn
