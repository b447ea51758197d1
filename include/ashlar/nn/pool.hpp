// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/nn/layer.hpp"
#include "ashlar/nn/pool_options.hpp"
#include "ashlar/ops/abs.hpp"
#include "ashlar/ops/max_pool.hpp"
#include "ashlar/ops/pow.hpp"
#include "ashlar/ops/relu.hpp"
#include "ashlar/ops/reshape.hpp"
#include "ashlar/ops/sign.hpp"

// Pools over images ([batch,] channels, [[depth,] height,] width). The kernel comes first, then the options of
// nn/pool_options.hpp.
namespace ashlar::nn {
namespace detail {

// What is made of the windows over the last two axes, or the last one. Depth: whether these are the depth of an image
// and all the rest of it.
struct maxima {
    template <windows W, bool Depth> static constexpr auto over(const auto& x) {
        return apply<max_pool_op, ashlar::detail::attributes_constant<attributes_of(W)>>(x);
    }
};
template <ashlar::detail::divisor By> struct means {
    template <windows W, bool Depth> static constexpr auto over(const auto& x) {
        constexpr ashlar::detail::divisor by{By.counts_padding, By.stated > 0 && Depth ? 1 : By.stated};
        return ashlar::detail::average_windows<W, by>(x);
    }
};

template <index... Extents> constexpr auto as_shape(const auto& x) {
    return reshape<static_cast<std::size_t>(Extents)...>(x);
}

// In three dimensions first over every plane, then along the depth: so the first of equal elements is found in
// row-major order.
template <class Pool, auto W, class X> constexpr auto pool_over(const X& x) {
    static_assert(2 * W.x.padding <= W.x.span() && 2 * W.y.padding <= W.y.span() && 2 * W.z.padding <= W.z.span(),
                  "the padding of a pool is at most half of its kernel");
    if constexpr (is_poison<X>) {
        return x;
    } else if constexpr (X::extent.rank == W.dimensions + 1) {
        return squeeze<0>(pool_over<Pool, W>(unsqueeze<0>(x)));
    } else if constexpr (constexpr auto w = windows_over(W, X::extent); W.dimensions < 3) {
        return Pool::template over<static_cast<const windows&>(w), false>(x);
    } else {
        constexpr index n = w.batch, c = w.channels, size = w.y.out() * w.x.out();
        constexpr windows planes{.what = w.what, .batch = n, .channels = c * w.z.in, .y = w.y, .x = w.x},
            columns{.what = w.what, .batch = n, .channels = c, .y = w.z, .x = {.in = size}};
        const auto flat = Pool::template over<planes, false>(as_shape<n, c * w.z.in, w.y.in, w.x.in>(x));
        const auto deep = Pool::template over<columns, true>(as_shape<n, c, w.z.in, size>(flat));
        return as_shape<n, c, w.z.out(), w.y.out(), w.x.out()>(deep);
    }
}

template <class Self, int Dimensions, auto Kernel, class... Options> struct max_pool : layer<Self> {
    static constexpr auto stated = stated_pool<pools::maxima, Dimensions, Kernel, Options...>;
    template <class X, std::size_t... Index> using misfit = pool_misfit_t<Self, X, Index...>;

    constexpr auto forward(expression auto x) const { return pool_over<maxima, stated>(x); }
};

template <class Self, int Dimensions, auto Kernel, class... Options> struct avg_pool : layer<Self> {
    static constexpr auto stated = stated_pool<pools::means, Dimensions, Kernel, Options...>;
    template <class X, std::size_t... Index> using misfit = pool_misfit_t<Self, X, Index...>;

    constexpr auto forward(expression auto x) const { return pool_over<means<stated.by>, stated>(x); }
};

template <auto Power, class X> constexpr auto powered(const X& x) {
    if constexpr (std::integral<decltype(Power)>) return pow<static_cast<int>(Power)>(x);
    else return pow(x, Power);
}

template <class Self, auto Power, int Dimensions, auto Kernel, class... Options> struct power_pool : layer<Self> {
    static_assert(Power != 0, "there is no norm of power 0");
    static constexpr auto stated = stated_pool<pools::powers, Dimensions, Kernel, Options...>;
    template <class X, std::size_t... Index> using misfit = pool_misfit_t<Self, X, Index...>;

    constexpr auto forward(expression auto x) const {
        if constexpr (is_poison<decltype(x)>) {
            return x;
        } else {
            const auto mean = pool_over<means<stated.by>, stated>(powered<Power>(x));
            return pow(sign(mean) * relu(abs(mean)) * static_cast<double>(stated.taps()), 1.0 / Power);
        }
    }
};

template <class Self, std::size_t... Sizes> struct adaptive_avg_pool : layer<Self> {
    static constexpr pool_windows stated{{.what = sliding::pool, .dimensions = sizeof...(Sizes)}};
    template <class X, std::size_t... Index> using misfit = pool_misfit_t<Self, X, Index...>;

    constexpr auto forward(expression auto x) const {
        if constexpr (is_poison<decltype(x)>) return x;
        else return ashlar::detail::adaptive_average<Sizes...>(x);
    }
};

}  // namespace detail

/// The largest element of every window, with -inf around the image. Derivative: g to the first one of equal elements.
template <auto Kernel, class... Options> struct MaxPool1d
    : detail::max_pool<MaxPool1d<Kernel, Options...>, 1, Kernel, Options...> {};
template <auto Kernel, class... Options> struct MaxPool2d
    : detail::max_pool<MaxPool2d<Kernel, Options...>, 2, Kernel, Options...> {};
template <auto Kernel, class... Options> struct MaxPool3d
    : detail::max_pool<MaxPool3d<Kernel, Options...>, 3, Kernel, Options...> {};

/// The mean of every window, in which zeros around the image count unless an option says otherwise; those behind the
/// padding, which nn::ceil_mode lets it cover, never do.
template <auto Kernel, class... Options> struct AvgPool1d
    : detail::avg_pool<AvgPool1d<Kernel, Options...>, 1, Kernel, Options...> {};
template <auto Kernel, class... Options> struct AvgPool2d
    : detail::avg_pool<AvgPool2d<Kernel, Options...>, 2, Kernel, Options...> {};
template <auto Kernel, class... Options> struct AvgPool3d
    : detail::avg_pool<AvgPool3d<Kernel, Options...>, 3, Kernel, Options...> {};

/// (n * mean of x^Power)^(1 / Power) over windows of n elements, their norm: `nn::LPPool2d<2, 3>`, and `1.5` as the
/// power. Options: nn::stride, nn::ceil_mode. As in PyTorch a window that nn::ceil_mode cuts off counts as a whole one,
/// the derivative is 0 where the mean is, and where it is negative the result is nan, but for Power 1.
template <auto Power, auto Kernel, class... Options> struct LPPool1d
    : detail::power_pool<LPPool1d<Power, Kernel, Options...>, Power, 1, Kernel, Options...> {};
template <auto Power, auto Kernel, class... Options> struct LPPool2d
    : detail::power_pool<LPPool2d<Power, Kernel, Options...>, Power, 2, Kernel, Options...> {};

/// The means of so many windows that cover an axis each: window i of n covers [floor(i * in / n),
/// ceil((i + 1) * in / n)).
template <std::size_t Length> struct AdaptiveAvgPool1d : detail::adaptive_avg_pool<AdaptiveAvgPool1d<Length>, Length> {
};
template <std::size_t Height, std::size_t Width = Height> struct AdaptiveAvgPool2d
    : detail::adaptive_avg_pool<AdaptiveAvgPool2d<Height, Width>, Height, Width> {};
template <std::size_t Depth, std::size_t Height = Depth, std::size_t Width = Depth> struct AdaptiveAvgPool3d
    : detail::adaptive_avg_pool<AdaptiveAvgPool3d<Depth, Height, Width>, Depth, Height, Width> {};

}  // namespace ashlar::nn
