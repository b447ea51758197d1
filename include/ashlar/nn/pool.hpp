// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/nn/layer.hpp"
#include "ashlar/nn/window_options.hpp"
#include "ashlar/ops/avg_pool.hpp"
#include "ashlar/ops/max_pool.hpp"
#include "ashlar/ops/reshape.hpp"

// Pools over images ([batch,] channels, [height,] width). The kernel comes first, then nn::stride (the kernel unless
// said otherwise), nn::padding and, for maxima, nn::dilation.
namespace ashlar::nn {
namespace detail {

template <windows W> constexpr bool padding_fits_kernel() {
    return 2 * W.y.padding <= W.y.span() && 2 * W.x.padding <= W.x.span();
}

template <class Op, windows W, class X> constexpr auto pool_over(const X& x) {
    static_assert(padding_fits_kernel<W>(), "the padding of a pool is at most half of its kernel");
    if constexpr (is_poison<X>) return x;
    else if constexpr (X::extent.rank == W.dimensions + 1) return squeeze<0>(pool_over<Op, W>(unsqueeze<0>(x)));
    else return apply<Op, ashlar::detail::attributes_constant<attributes_of(windows_over(W, X::extent))>>(x);
}
template <windows W, class X> constexpr auto average_over(const X& x) {
    static_assert(padding_fits_kernel<W>(), "the padding of a pool is at most half of its kernel");
    if constexpr (is_poison<X>) return x;
    else return ashlar::detail::average_windows<windows_over(W, X::extent)>(x);
}

}  // namespace detail

/// The largest element of every window, with -inf around the image.
template <auto Kernel, class... Options> struct MaxPool1d : layer<MaxPool1d<Kernel, Options...>> {
    static constexpr windows stated = detail::stated_windows<1, true, Kernel, Options...>;
    template <class X, std::size_t... Index> using misfit = detail::window_misfit_t<MaxPool1d, 0, X, Index...>;

    constexpr auto forward(expression auto x) const { return detail::pool_over<max_pool_op, stated>(x); }
};
template <auto Kernel, class... Options> struct MaxPool2d : layer<MaxPool2d<Kernel, Options...>> {
    static constexpr windows stated = detail::stated_windows<2, true, Kernel, Options...>;
    template <class X, std::size_t... Index> using misfit = detail::window_misfit_t<MaxPool2d, 0, X, Index...>;

    constexpr auto forward(expression auto x) const { return detail::pool_over<max_pool_op, stated>(x); }
};

/// The mean of every window, in which zeros around the image count (PyTorch's count_include_pad).
template <auto Kernel, class... Options> struct AvgPool1d : layer<AvgPool1d<Kernel, Options...>> {
    static constexpr windows stated = detail::stated_windows<1, true, Kernel, Options...>;
    template <class X, std::size_t... Index> using misfit = detail::window_misfit_t<AvgPool1d, 0, X, Index...>;

    constexpr auto forward(expression auto x) const { return detail::average_over<stated>(x); }
};
template <auto Kernel, class... Options> struct AvgPool2d : layer<AvgPool2d<Kernel, Options...>> {
    static constexpr windows stated = detail::stated_windows<2, true, Kernel, Options...>;
    template <class X, std::size_t... Index> using misfit = detail::window_misfit_t<AvgPool2d, 0, X, Index...>;

    constexpr auto forward(expression auto x) const { return detail::average_over<stated>(x); }
};

/// The means of Height x Width windows that cover the image: window i of n covers [floor(i * in / n),
/// ceil((i + 1) * in / n)).
template <std::size_t Height, std::size_t Width = Height> struct AdaptiveAvgPool2d
    : layer<AdaptiveAvgPool2d<Height, Width>> {
    static constexpr windows stated{.what = sliding::pool};
    template <class X, std::size_t... Index> using misfit = detail::window_misfit_t<AdaptiveAvgPool2d, 0, X, Index...>;

    constexpr auto forward(expression auto x) const {
        if constexpr (is_poison<decltype(x)>) return x;
        else return ashlar::detail::adaptive_average<Height, Width>(x);
    }
};

}  // namespace ashlar::nn
