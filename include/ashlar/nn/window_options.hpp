// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/nn/features.hpp"
#include "ashlar/tensor/window.hpp"

namespace ashlar {

// What layers over images do not take.
template <class Layer, std::size_t Expected, class Input> struct input_channels_differ : refusal {};
template <class Layer, class Input> struct kernel_is_larger_than_the_padded_input : refusal {};
template <class Layer, class Input> struct input_needs_the_axes_batch_channels_length : refusal {};
template <class Layer, class Input> struct input_needs_the_axes_batch_channels_height_width : refusal {};
template <class Layer, class Input> struct input_needs_the_axes_batch_channels_depth_height_width : refusal {};

}  // namespace ashlar

// The options of convolutions and pools: one number, or one for each axis.
namespace ashlar::nn {

template <std::size_t... N> struct stride {
    static_assert(((N > 0) && ...), "a stride is at least 1");
};
template <std::size_t... N> struct padding {};
template <std::size_t... N> struct dilation {
    static_assert(((N > 0) && ...), "a dilation is at least 1");
};
template <std::size_t N> struct groups {
    static_assert(N > 0, "there is at least one group");
};

/// The size of a window, where it is not one number: `nn::Conv2d<1, 8, nn::kernel<3, 5>>`.
template <std::size_t... N> struct kernel_size {};
template <std::size_t... N> inline constexpr kernel_size<N...> kernel{};

namespace detail {

template <int Dimensions, std::size_t... N> constexpr void set_axes(windows& w, index window_axis::* of) {
    constexpr std::size_t count = sizeof...(N);
    static_assert(count == 1 || count == Dimensions, "one number, or one for each axis");
    const index n[] = {static_cast<index>(N)...};
    w.x.*of = n[count - 1];
    if (Dimensions > 1) w.y.*of = n[count > 1 ? count - 2 : 0];
    if (Dimensions > 2) w.z.*of = n[0];
}
template <int> constexpr void read_option(windows&, auto) {}
template <int D, std::size_t... N> constexpr void read_option(windows& w, stride<N...>) {
    set_axes<D, N...>(w, &window_axis::stride);
}
template <int D, std::size_t... N> constexpr void read_option(windows& w, padding<N...>) {
    set_axes<D, N...>(w, &window_axis::padding);
}
template <int D, std::size_t... N> constexpr void read_option(windows& w, dilation<N...>) {
    set_axes<D, N...>(w, &window_axis::dilation);
}
template <int, std::size_t N> constexpr void read_option(windows& w, groups<N>) { w.groups = static_cast<index>(N); }

template <int D> constexpr void read_kernel(windows& w, std::integral auto n) {
    w.x.taps = static_cast<index>(n);
    if (D > 1) w.y.taps = w.x.taps;
    if (D > 2) w.z.taps = w.x.taps;
}
template <int D, std::size_t... N> constexpr void read_kernel(windows& w, kernel_size<N...>) {
    set_axes<D, N...>(w, &window_axis::taps);
}

constexpr bool groups_divide(const windows& w, std::size_t in, std::size_t out) {
    return in % static_cast<std::size_t>(w.groups) == 0 && out % static_cast<std::size_t>(w.groups) == 0;
}

/// Windows as a layer says, before it has an image.
template <int Dimensions, auto Kernel, class... Options> inline constexpr windows stated_windows = [] {
    windows w{.dimensions = Dimensions};
    read_kernel<Dimensions>(w, Kernel);
    (read_option<Dimensions>(w, Options{}), ...);
    return w;
}();

/// The same over an image ([batch,] channels, [[depth,] height,] width).
constexpr windows windows_over(windows w, const shape& s) {
    w.x.in = s[s.rank - 1];
    if (w.dimensions > 1) w.y.in = s[s.rank - 2];
    if (w.dimensions > 2) w.z.in = s[s.rank - 3];
    w.channels = s[s.rank - 1 - w.dimensions];
    w.batch = s.rank > w.dimensions + 1 ? s[0] : 1;
    return w;
}
template <class X> constexpr std::size_t channels_of(int dimensions) {
    constexpr shape s = std::remove_cvref_t<X>::extent;
    return static_cast<std::size_t>(s[s.rank - 1 - dimensions]);
}

/// What is wrong with the axes and the channels of the input of a layer over windows; Channels are those that it
/// expects, 0 where it takes any.
template <class Layer, std::size_t Channels, class X, std::size_t... Index> consteval auto channel_misfit() {
    constexpr int rank = std::remove_cvref_t<X>::extent.rank, dimensions = Layer::stated.dimensions;
    if constexpr (rank != dimensions + 1 && rank != dimensions + 2) {
        using fault = std::conditional_t<
            dimensions == 1, input_needs_the_axes_batch_channels_length<Layer, shape_t<X>>,
            std::conditional_t<dimensions == 2, input_needs_the_axes_batch_channels_height_width<Layer, shape_t<X>>,
                               input_needs_the_axes_batch_channels_depth_height_width<Layer, shape_t<X>>>>;
        return std::type_identity<fault>{};
    } else if constexpr (Channels != 0 && channels_of<X>(dimensions) != Channels) {
        if constexpr (sizeof...(Index) == 0)
            return std::type_identity<input_channels_differ<Layer, Channels, shape_t<X>>>{};
        else return std::type_identity<layer_shape_mismatch<Layer, Index..., Channels, channels_of<X>(dimensions)>>{};
    }
}
/// The same, and whether there is a window.
template <class Layer, std::size_t Channels, class X, std::size_t... Index> consteval auto window_misfit() {
    if constexpr (!std::is_void_v<decltype(channel_misfit<Layer, Channels, X, Index...>())>) {
        return channel_misfit<Layer, Channels, X, Index...>();
    } else {
        constexpr windows over = windows_over(Layer::stated, std::remove_cvref_t<X>::extent);
        if constexpr (!over.z.fits() || !over.y.fits() || !over.x.fits())
            return std::type_identity<kernel_is_larger_than_the_padded_input<Layer, shape_t<X>>>{};
    }
}
template <class Layer, std::size_t Channels, class X, std::size_t... Index>
using window_misfit_t = typename ashlar::detail::type_of<decltype(window_misfit<Layer, Channels, X, Index...>())>::type;

}  // namespace detail
}  // namespace ashlar::nn
