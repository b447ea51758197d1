// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/nn/layer.hpp"
#include "ashlar/ops/expand.hpp"
#include "ashlar/ops/reshape.hpp"
#include "ashlar/ops/view.hpp"

namespace ashlar {
template <class Layer, class Input> struct unflatten_needs_sizes_whose_product_is_the_extent : refusal {};
template <class Layer, class Input> struct unflatten_makes_more_than_six_axes : refusal {};
template <class Layer, class Input> struct pixel_shuffle_needs_channels_that_its_square_divides : refusal {};
template <class Layer, class Input> struct pixel_unshuffle_needs_a_height_and_a_width_that_it_divides : refusal {};
}  // namespace ashlar

// Layers without parameters that put the elements elsewhere. Their derivatives are those of reshape, permute, expand.
namespace ashlar::nn {
namespace detail {

constexpr shape unflattened(const shape& x, int axis, const shape& sizes) {
    shape s{};
    for (int i = 0; i < x.rank; ++i) {
        if (i != axis) s.extent[s.rank++] = x[i];
        else
            for (int j = 0; j < sizes.rank; ++j) s.extent[s.rank++] = sizes[j];
    }
    return s;
}

/// The last three axes of x, channels, height and width, become these.
constexpr shape with_planes(const shape& x, index channels, index height, index width) {
    shape s = x;
    s.extent[s.rank - 3] = channels, s.extent[s.rank - 2] = height, s.extent[s.rank - 1] = width;
    return s;
}
/// All axes before the last two, as one number.
constexpr index planes_of(const shape& x) { return x.size() / (x[x.rank - 1] * x[x.rank - 2]); }

template <shape To, class X> constexpr auto reshaped(const X& x) {
    return ashlar::detail::reshape_to(x, dims_of<ashlar::detail::shape_constant<To>>{});
}
template <shape To, class X> constexpr auto expanded(const X& x) {
    return ashlar::detail::expand_to(x, dims_of<ashlar::detail::shape_constant<To>>{});
}

}  // namespace detail

/// One axis becomes several, in row-major order: the inverse of Flatten is `Unflatten<1, C, H, W>`.
/// Shapes: (..., Sizes[0] * Sizes[1] * ..., ...) to (..., Sizes..., ...); a negative Axis counts from the end.
template <int Axis, std::size_t... Sizes> struct Unflatten : layer<Unflatten<Axis, Sizes...>> {
    static_assert(sizeof...(Sizes) > 0 && sizeof...(Sizes) <= max_rank, "sizes of one to six axes");

    constexpr auto forward(expression auto x) const {
        using X = decltype(x);
        constexpr shape s = X::extent;
        constexpr int axis = Axis < 0 ? Axis + s.rank : Axis;
        if constexpr (axis < 0 || axis >= s.rank) return deferred<axis_out_of_range<shape_t<X>, Axis>>{};
        else if constexpr (s[axis] != Shape<Sizes...>::value.size())
            return deferred<unflatten_needs_sizes_whose_product_is_the_extent<Unflatten, shape_t<X>>>{};
        else if constexpr (s.rank - 1 + static_cast<int>(sizeof...(Sizes)) > max_rank)
            return deferred<unflatten_makes_more_than_six_axes<Unflatten, shape_t<X>>>{};
        else return detail::reshaped<detail::unflattened(s, axis, Shape<Sizes...>::value)>(x);
    }
};

/// Result axis i is axis Axes[i] of the input, the batch's included.
template <int... Axes> struct Permute : layer<Permute<Axes...>> {
    constexpr auto forward(expression auto x) const { return permute<Axes...>(x); }
};

/// Channels become pixels: y[c, h R + i, w R + j] = x[(c R + i) R + j, h, w] (Shi et al. 2016).
/// Shapes: (..., C R R, H, W) to (..., C, H R, W R).
template <std::size_t R> struct PixelShuffle : layer<PixelShuffle<R>> {
    static_assert(R > 0);
    constexpr auto forward(expression auto x) const {
        using X = decltype(x);
        constexpr shape s = X::extent;
        constexpr auto r = static_cast<index>(R);
        if constexpr (s.rank < 3 || s[s.rank < 3 ? 0 : s.rank - 3] % (r * r) != 0)
            return deferred<pixel_shuffle_needs_channels_that_its_square_divides<PixelShuffle, shape_t<X>>>{};
        else {
            constexpr index c = s[s.rank - 3] / (r * r), h = s[s.rank - 2], w = s[s.rank - 1];
            constexpr shape apart{5, {detail::planes_of(s) / (r * r), r, r, h, w}};
            return detail::reshaped<detail::with_planes(s, c, h * r, w * r)>(
                permute<0, 3, 1, 4, 2>(detail::reshaped<apart>(x)));
        }
    }
};

/// The inverse of PixelShuffle. Shapes: (..., C, H R, W R) to (..., C R R, H, W).
template <std::size_t R> struct PixelUnshuffle : layer<PixelUnshuffle<R>> {
    static_assert(R > 0);
    constexpr auto forward(expression auto x) const {
        using X = decltype(x);
        constexpr shape s = X::extent;
        constexpr auto r = static_cast<index>(R);
        constexpr int last = s.rank < 3 ? 0 : s.rank - 1, before = s.rank < 3 ? 0 : s.rank - 2;
        if constexpr (s.rank < 3 || s[before] % r != 0 || s[last] % r != 0)
            return deferred<pixel_unshuffle_needs_a_height_and_a_width_that_it_divides<PixelUnshuffle, shape_t<X>>>{};
        else {
            constexpr index c = s[s.rank - 3] * r * r, h = s[before] / r, w = s[last] / r;
            constexpr shape apart{5, {detail::planes_of(s), h, r, w, r}};
            return detail::reshaped<detail::with_planes(s, c, h, w)>(
                permute<0, 2, 4, 1, 3>(detail::reshaped<apart>(x)));
        }
    }
};

}  // namespace ashlar::nn
