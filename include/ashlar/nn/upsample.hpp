// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/nn/reshaping.hpp"
#include "ashlar/ops/interpolate.hpp"

namespace ashlar {
template <class Layer, class Input> struct upsample_takes_a_batch_of_the_dimensions_of_its_mode : refusal {};
template <class Layer> struct upsample_does_not_take_all_of_its_options : refusal {};
}  // namespace ashlar

namespace ashlar::nn {

/// The extents after the channels, where they are no multiples: `nn::Upsample<nn::output_size<5, 7>>` (PyTorch's size).
template <std::size_t... N> struct extents_after_channels {
    static_assert(sizeof...(N) > 0 && ((N > 0) && ...), "one number for all axes, or one for each");
};
template <std::size_t... N> inline constexpr extents_after_channels<N...> output_size{};

/// What an Upsample makes of the elements between: nearest, which is the default, one of them; the others, with a name
/// for each number of axes, what is on the line between two.
namespace mode {
struct nearest {};
struct linear {
    static constexpr int dimensions = 1;
};
struct bilinear {
    static constexpr int dimensions = 2;
};
struct trilinear {
    static constexpr int dimensions = 3;
};
}  // namespace mode
/// The first and the last element of every axis stay where they are.
struct align_corners {};

namespace detail {

template <class Option> concept interpolates = requires { Option::dimensions; };

/// So many axes after the channels are taken; 0: any number of them up to three.
template <class Option> consteval int dimensions_of_mode() {
    if constexpr (interpolates<Option>) return Option::dimensions;
    else return 0;
}
template <class... Options> consteval bool are_upsample_options() {
    constexpr int modes = (0 + ... + (interpolates<Options> || std::same_as<Options, mode::nearest>)),
                  linear = (0 + ... + interpolates<Options>);
    return ((interpolates<Options> || std::same_as<Options, mode::nearest> || std::same_as<Options, align_corners>) &&
            ...) &&
           modes <= 1 && (linear == 1 || !(std::same_as<Options, align_corners> || ...));
}

constexpr shape upsampled(shape s, std::integral auto scale) {
    for (int axis = 2; axis < s.rank; ++axis) s.extent[axis] *= static_cast<index>(scale);
    return s;
}
template <std::size_t... N> constexpr shape upsampled(shape s, extents_after_channels<N...>) {
    const index n[] = {static_cast<index>(N)...};
    constexpr int count = static_cast<int>(sizeof...(N));
    for (int axis = 2; axis < s.rank; ++axis) s.extent[axis] = n[count == 1 || axis - 2 >= count ? 0 : axis - 2];
    return s;
}
template <std::size_t... N> constexpr bool sizes_fit(int dimensions, extents_after_channels<N...>) {
    return sizeof...(N) == 1 || sizeof...(N) == static_cast<std::size_t>(dimensions);
}
constexpr bool sizes_fit(int, std::integral auto scale) { return scale > 0; }

}  // namespace detail

/// Signals, images or volumes with so many times the elements along every axis after the channels (PyTorch's
/// scale_factor), or with an `nn::output_size`. Options: nn::mode::nearest, linear, bilinear, trilinear;
/// nn::align_corners for all but the first.
/// Value: y[n, c, i] = x[n, c, i / Factor] rounded down; or on the line between the two elements around i, where these
/// are the middles of pieces that cover the axis, or, with align_corners, where the ends stay.
/// Derivative: the sum of g over all that an element is in. Shapes: (N, C, L), (N, C, H, W) or (N, C, D, H, W).
template <auto Factor, class... Options> struct Upsample : layer<Upsample<Factor, Options...>> {
    static constexpr int dimensions = (0 + ... + detail::dimensions_of_mode<Options>());
    static constexpr bool aligns = (std::same_as<Options, align_corners> || ...);

    constexpr auto forward(expression auto x) const {
        using X = decltype(x);
        constexpr shape s = X::extent;
        if constexpr (!detail::are_upsample_options<Options...>()) {
            return deferred<upsample_does_not_take_all_of_its_options<Upsample>>{};
        } else if constexpr (s.rank < 3 || s.rank > 5 || (dimensions > 0 && s.rank != dimensions + 2) ||
                             !detail::sizes_fit(s.rank - 2, Factor)) {
            return deferred<upsample_takes_a_batch_of_the_dimensions_of_its_mode<Upsample, shape_t<X>>>{};
        } else {
            using ashlar::detail::interpolation;
            constexpr interpolation how = dimensions == 0 ? interpolation::nearest
                                          : aligns        ? interpolation::aligned
                                                          : interpolation::linear;
            if constexpr (dimensions == 0 && std::integral<decltype(Factor)> && s.rank < 5) return repeated(x);
            else return ashlar::detail::interpolated<detail::upsampled(s, Factor), how>(x);
        }
    }

private:
    // Each element so many times, without an index.
    template <class X> static constexpr auto repeated(const X& x) {
        constexpr shape s = X::extent, to = detail::upsampled(s, Factor);
        constexpr auto n = static_cast<index>(Factor);
        if constexpr (s.rank == 3) {
            constexpr shape apart{3, {s[0] * s[1], s[2], 1}}, wide{3, {s[0] * s[1], s[2], n}};
            return detail::reshaped<to>(detail::expanded<wide>(detail::reshaped<apart>(x)));
        } else {
            constexpr shape apart{5, {s[0] * s[1], s[2], 1, s[3], 1}}, wide{5, {s[0] * s[1], s[2], n, s[3], n}};
            return detail::reshaped<to>(detail::expanded<wide>(detail::reshaped<apart>(x)));
        }
    }
};

}  // namespace ashlar::nn
