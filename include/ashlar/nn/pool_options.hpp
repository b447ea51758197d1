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

/// Windows in up to three dimensions, and what else the options of a pool say.
template <int Dimensions> struct pool_windows : windows {
    ashlar::detail::divisor by{};
    bool ceils = false, takes_options = true;
};

// (A name for the array: `index` in front of a bracket would be a macro of some C headers.)
template <std::size_t Count> using numbers_of_axes = index[Count];
template <int D, std::size_t Count>
constexpr void set_axes(pool_windows<D>& w, index window_axis::* of, const numbers_of_axes<Count>& n) {
    static_assert(Count == 1 || Count == D, "one number, or one for each axis");
    w.x.*of = n[Count - 1];
    if (D > 1) w.y.*of = n[Count > 1 ? Count - 2 : 0];
    if (D > 2) w.z.*of = n[0];
}
constexpr void set_kernel(auto& w, std::integral auto n) { set_axes(w, &window_axis::taps, {static_cast<index>(n)}); }
template <std::size_t... N> constexpr void set_kernel(auto& w, kernel_size<N...>) {
    set_axes(w, &window_axis::taps, {static_cast<index>(N)...});
}

// Whether a pool takes the option.
constexpr bool read_pool_option(auto&, pools, auto) { return false; }
template <std::size_t... N> constexpr bool read_pool_option(auto& w, pools, stride<N...>) {
    return set_axes(w, &window_axis::stride, {static_cast<index>(N)...}), true;
}
template <std::size_t... N> constexpr bool read_pool_option(auto& w, pools kind, padding<N...>) {
    return set_axes(w, &window_axis::padding, {static_cast<index>(N)...}), kind != pools::powers;
}
template <std::size_t... N> constexpr bool read_pool_option(auto& w, pools kind, dilation<N...>) {
    return set_axes(w, &window_axis::dilation, {static_cast<index>(N)...}), kind == pools::maxima;
}
constexpr bool read_pool_option(auto& w, pools, ceil_mode) { return w.ceils = true; }
template <bool Counts> constexpr bool read_pool_option(auto& w, pools kind, count_include_pad<Counts>) {
    return w.by.counts_padding = Counts, kind == pools::means;
}
template <std::size_t N> constexpr bool read_pool_option(auto& w, pools kind, divisor_override<N>) {
    return w.by.stated = static_cast<index>(N), kind == pools::means;
}

template <pools Kind, int Dimensions, auto Kernel, class... Options>
inline constexpr pool_windows<Dimensions> stated_pool = [] {
    pool_windows<Dimensions> w{{.what = sliding::pool, .dimensions = Dimensions}};
    set_kernel(w, Kernel);
    w.x.stride = w.x.taps, w.y.stride = w.y.taps, w.z.stride = w.z.taps;
    w.takes_options = (true & ... & read_pool_option(w, Kind, Options{}));
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

template <int D> constexpr pool_windows<D> windows_over(pool_windows<D> w, const shape& s) {
    w.x.in = s[s.rank - 1];
    if (D > 1) w.y.in = s[s.rank - 2];
    if (D > 2) w.z.in = s[s.rank - 3];
    for (window_axis* axis : {&w.x, &w.y, &w.z})
        if (w.ceils) axis->after = reach_of_ceil_mode(*axis);
    w.channels = s[s.rank - 1 - D];
    w.batch = s.rank > D + 1 ? s[0] : 1;
    return w;
}

template <class Layer, class X, std::size_t... Index> consteval auto pool_misfit() {
    constexpr auto w = Layer::stated;
    constexpr int rank = std::remove_cvref_t<X>::extent.rank;
    if constexpr (!w.takes_options) {
        return std::type_identity<pool_does_not_take_all_of_its_options<Layer>>{};
    } else if constexpr (w.dimensions == 3 && rank != 4 && rank != 5) {
        return std::type_identity<input_needs_the_axes_batch_channels_depth_height_width<Layer, shape_t<X>>>{};
    } else if constexpr (rank != w.dimensions + 1 && rank != w.dimensions + 2) {
        return window_misfit<Layer, 0, X, Index...>();
    } else {
        constexpr auto over = windows_over(w, std::remove_cvref_t<X>::extent);
        if constexpr (!over.x.fits() || !over.y.fits() || !over.z.fits())
            return std::type_identity<kernel_is_larger_than_the_padded_input<Layer, shape_t<X>>>{};
    }
}
template <class Layer, class X, std::size_t... Index>
using pool_misfit_t = typename ashlar::detail::type_of<decltype(pool_misfit<Layer, X, Index...>())>::type;

}  // namespace detail
}  // namespace ashlar::nn
