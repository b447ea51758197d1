// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/nn/window_options.hpp"
#include "ashlar/ops/avg_pool.hpp"

namespace ashlar {

template <class Layer> struct pool_does_not_take_all_of_its_options : refusal {};

}  // namespace ashlar

// The options of pools: nn::stride (the kernel unless said otherwise), nn::padding, for maxima nn::dilation, and these.
namespace ashlar::nn {

/// A window may end behind the image and its padding, if it begins in the image or before it.
struct ceil_mode {};
/// Whether the zeros around the image count where means are taken: `nn::count_include_pad<false>`.
template <bool Counts> struct count_include_pad {};
/// What the sum of each window is divided by, instead of the number of its elements.
template <std::size_t N> struct divisor_override {
    static_assert(N > 0, "a divisor is not 0");
};

namespace detail {

enum class pools : unsigned char { maxima, means, powers };

/// Windows, and what else the options of a pool say.
struct pool_windows : windows {
    ashlar::detail::divisor by{};
    bool ceils = false, takes_options = true;
};

// Whether a pool takes the option.
template <int> constexpr bool read_pool_option(pool_windows&, pools, auto) { return false; }
template <int D, std::size_t... N> constexpr bool read_pool_option(pool_windows& w, pools, stride<N...> option) {
    return read_option<D>(w, option), true;
}
template <int D, std::size_t... N> constexpr bool read_pool_option(pool_windows& w, pools kind, padding<N...> option) {
    return read_option<D>(w, option), kind != pools::powers;
}
template <int D, std::size_t... N> constexpr bool read_pool_option(pool_windows& w, pools kind, dilation<N...> option) {
    return read_option<D>(w, option), kind == pools::maxima;
}
template <int> constexpr bool read_pool_option(pool_windows& w, pools, ceil_mode) { return w.ceils = true; }
template <int, bool Counts> constexpr bool read_pool_option(pool_windows& w, pools kind, count_include_pad<Counts>) {
    return w.by.counts_padding = Counts, kind == pools::means;
}
template <int, std::size_t N> constexpr bool read_pool_option(pool_windows& w, pools kind, divisor_override<N>) {
    return w.by.stated = static_cast<index>(N), kind == pools::means;
}

template <pools Kind, int Dimensions, auto Kernel, class... Options>
inline constexpr pool_windows stated_pool = [] {
    pool_windows w{{.what = sliding::pool, .dimensions = Dimensions}};
    read_kernel<Dimensions>(w, Kernel);
    w.x.stride = w.x.taps, w.y.stride = w.y.taps, w.z.stride = w.z.taps;
    w.takes_options = (true & ... & read_pool_option<Dimensions>(w, Kind, Options{}));
    return w;
}();

/// How far a last window reaches behind the padding so that all of the image is covered; one that would begin behind
/// the image is left out.
constexpr index reach_of_ceil_mode(const window_axis& a) {
    const index room = a.room(), most = room + a.stride - 1;
    index begin = most < 0 ? 0 : most / a.stride * a.stride;
    if (begin >= a.in + a.padding) begin -= a.stride;
    return most < 0 || begin < room ? 0 : begin - room;
}

constexpr pool_windows windows_over(pool_windows w, const shape& s) {
    static_cast<windows&>(w) = windows_over(static_cast<const windows&>(w), s);
    for (window_axis* axis : {&w.x, &w.y, &w.z})
        if (w.ceils) axis->after = reach_of_ceil_mode(*axis);
    return w;
}

template <class Layer, class X, std::size_t... Index> consteval auto pool_misfit() {
    if constexpr (!Layer::stated.takes_options)
        return std::type_identity<pool_does_not_take_all_of_its_options<Layer>>{};
    else return window_misfit<Layer, 0, X, Index...>();
}
template <class Layer, class X, std::size_t... Index>
using pool_misfit_t = typename ashlar::detail::type_of<decltype(pool_misfit<Layer, X, Index...>())>::type;

}  // namespace detail
}  // namespace ashlar::nn
