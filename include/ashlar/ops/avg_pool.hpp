// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/add.hpp"
#include "ashlar/ops/compare.hpp"
#include "ashlar/ops/contraction.hpp"
#include "ashlar/ops/conv.hpp"
#include "ashlar/ops/div.hpp"
#include "ashlar/ops/minimum.hpp"
#include "ashlar/ops/mul.hpp"
#include "ashlar/ops/reshape.hpp"
#include "ashlar/ops/where.hpp"

// Means over windows: a convolution whose weight is the same number everywhere, so nothing has a derivative of its own.
namespace ashlar::detail {

constexpr shape with_image(const shape& s, int dimensions, index height, index width) {
    shape r = s;
    r.extent[r.rank - 1] = width;
    if (dimensions == 2) r.extent[r.rank - 2] = height;
    return r;
}

/// What the sum of a window is divided by: a number of its own, or that of its elements, of which those in the padding
/// may count, but none behind it.
struct divisor {
    bool counts_padding = true;
    index stated = 0;

    constexpr bool is_the_same_for_all(const window_axis& a) const {
        return stated > 0 || (a.after <= 0 && (counts_padding || a.padding == 0));
    }
};

/// How many elements count in each window along an axis.
template <class V> constexpr V window_counts(graph& g, const window_axis& a, const divisor& by, dtype type) {
    const auto whole = [&](index v) { return V{&g, g.constant(static_cast<double>(v), type)}; };
    const index beside = by.counts_padding ? a.padding : 0;
    const V begin = V{&g, g.range(a.out(), type)} * whole(a.stride) - whole(a.padding);
    return V{minimum(begin + whole(a.taps), whole(a.in + beside))} - V{maximum(begin, whole(-beside))};
}

/// Every channel is an image of its own.
constexpr value average_windows(std::same_as<value> auto x, windows w, const divisor& by) {
    using V = decltype(x);
    const shape s = x.extents();
    w.what = sliding::output, w.batch = s.size() / w.image(), w.channels = w.features = 1, w.dimensions = 2;
    const bool same_y = by.is_the_same_for_all(w.y), same_x = by.is_the_same_for_all(w.x);
    const index count = by.stated > 0 ? by.stated : (same_y ? w.y.taps : 1) * (same_x ? w.x.taps : 1);
    const auto weight = expand_value({x.g, x.g->constant(1.0 / static_cast<double>(count), x.type())},
                                     shape{4, {1, 1, w.y.taps, w.x.taps}});
    V means = apply_values<conv_op>(attributes_of(w), reshape_value(x, shape{4, {w.batch, 1, w.y.in, w.x.in}}), weight);
    if (!same_y) means = means / reshape_value(window_counts<V>(*x.g, w.y, by, x.type()), shape{2, {w.y.out(), 1}});
    if (!same_x) means = means / window_counts<V>(*x.g, w.x, by, x.type());
    return means;
}

template <windows W, divisor By = divisor{}, class X> constexpr auto average_windows(const X& x) {
    constexpr shape to = with_image(X::extent, W.dimensions, W.y.out(), W.x.out());
    return floating<typename handle_with<typename X::value_type, dims_of<shape_constant<to>>>::type>{
        reshape_value(average_windows(value_for<X>{x.g, x.id}, W, By), to)};
}

/// The matrix (n, in) that takes means over n windows which cover an axis. The bounds are compared as products of whole
/// numbers, which are exact.
template <class V> constexpr value covering_means(graph& g, index n, index in, dtype type) {
    const V window = reshape_value({&g, g.range(n, type)}, shape{2, {n, 1}}), at{&g, g.range(in, type)};
    const auto whole = [&](index v) { return V{&g, g.constant(static_cast<double>(v), type)}; };
    const V begun = (at + whole(1)) * whole(n) > window * whole(in),
            open = at * whole(n) < (window + whole(1)) * whole(in);
    const V inside = where(begun, where(open, V{&g, g.constant(1, type)}, 0), 0);
    return inside / reduce_value<sum_op>(inside, 2, 0);
}

constexpr value adaptive_average(std::same_as<value> auto x, index height, index width) {
    using V = decltype(x);
    const shape s = x.extents();
    const int y = s.rank - 2, last = s.rank - 1;
    const bool whole_y = height == 1 || height == s[y], whole_x = width == 1 || width == s[last];
    if (whole_y && whole_x) {  // sums of whole axes
        const index taps = (height == 1 ? s[y] : 1) * (width == 1 ? s[last] : 1);
        const int axes = (height == 1 ? 1 << y : 0) | (width == 1 ? 1 << last : 0);
        return reduce_value<sum_op>(x, axes, 0) * (1.0 / static_cast<double>(taps));
    }
    V means = x;
    if (width != s[last]) means = contract(x, false, covering_means<V>(*x.g, width, s[last], x.type()), true);
    if (height != s[y]) means = contract(covering_means<V>(*x.g, height, s[y], x.type()), false, means, false);
    return means;
}

/// The means of Height x Width windows over the last two axes.
template <std::size_t Height, std::size_t Width, class X> constexpr auto adaptive_average(const X& x) {
    constexpr index height = static_cast<index>(Height), width = static_cast<index>(Width),
                    in_y = X::extent[X::extent.rank - 2], in_x = X::extent[X::extent.rank - 1];
    constexpr bool whole = (height == 1 || height == in_y) && (width == 1 || width == in_x);
    if constexpr (in_y == height && in_x == width) {
        return x;
    } else if constexpr (!whole && in_y % height == 0 && in_x % width == 0) {
        // windows of one size, side by side
        constexpr index y = in_y / height, x_taps = in_x / width;
        return average_windows<windows{.batch = 1, .y = {in_y, y, y, 0, 1}, .x = {in_x, x_taps, x_taps, 0, 1}}>(x);
    } else {
        constexpr shape to = with_image(X::extent, 2, height, width);
        return floating<typename handle_with<typename X::value_type, dims_of<shape_constant<to>>>::type>{
            reshape_value(adaptive_average(value_for<X>{x.g, x.id}, height, width), to)};
    }
}
template <std::size_t Length, class X> constexpr auto adaptive_average(const X& x) {
    return adaptive_average<static_cast<std::size_t>(X::extent[X::extent.rank - 2]), Length>(x);
}
template <std::size_t Depth, std::size_t Height, std::size_t Width, class X>
constexpr auto adaptive_average(const X& x) {
    const auto planes = adaptive_average<Height, Width>(x);
    constexpr shape s = decltype(planes)::extent;
    constexpr auto flat = [=] {
        shape all = s;
        all.extent[--all.rank - 1] = static_cast<index>(Height * Width);
        return all;
    }();
    constexpr auto to = [=] {
        shape all = s;
        all.extent[all.rank - 3] = static_cast<index>(Depth);
        return all;
    }();
    const auto deep = adaptive_average<Depth, Height * Width>(reshape_to(planes, dims_of<shape_constant<flat>>{}));
    return reshape_to(deep, dims_of<shape_constant<to>>{});
}

}  // namespace ashlar::detail
