// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/add.hpp"
#include "ashlar/ops/compare.hpp"
#include "ashlar/ops/contraction.hpp"
#include "ashlar/ops/conv.hpp"
#include "ashlar/ops/div.hpp"
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

/// Every channel is an image of its own.
constexpr value average_windows(std::same_as<value> auto x, windows w) {
    const shape s = x.extents();
    w.what = sliding::output, w.batch = s.size() / w.image(), w.channels = w.features = 1, w.dimensions = 2;
    const auto weight = expand_value({x.g, x.g->constant(1.0 / static_cast<double>(w.taps()), x.type())},
                                     shape{4, {1, 1, w.y.taps, w.x.taps}});
    const value means =
        apply_values<conv_op>(attributes_of(w), reshape_value(x, shape{4, {w.batch, 1, w.y.in, w.x.in}}), weight);
    return means;
}

template <windows W, class X> constexpr auto average_windows(const X& x) {
    constexpr shape to = with_image(X::extent, W.dimensions, W.y.out(), W.x.out());
    return typename handle_with<typename X::value_type, dims_of<shape_constant<to>>>::type{
        reshape_value(average_windows(value_for<X>{x.g, x.id}, W), to)};
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
    const shape s = x.extents();
    if (height == 1 && width == 1)
        return reduce_value<sum_op>(x, 3 << (s.rank - 2), 0) *
               (1.0 / static_cast<double>(s[s.rank - 1] * s[s.rank - 2]));
    const auto columns = contract(x, false, covering_means<decltype(x)>(*x.g, width, s[s.rank - 1], x.type()), true);
    return contract(covering_means<decltype(x)>(*x.g, height, s[s.rank - 2], x.type()), false, columns, false);
}

template <std::size_t Height, std::size_t Width, class X> constexpr auto adaptive_average(const X& x) {
    constexpr index height = static_cast<index>(Height), width = static_cast<index>(Width),
                    in_y = X::extent[X::extent.rank - 2], in_x = X::extent[X::extent.rank - 1];
    if constexpr (in_y == height && in_x == width) {
        return x;
    } else if constexpr (height * width > 1 && in_y % height == 0 && in_x % width == 0) {
        // windows of one size, side by side
        constexpr index y = in_y / height, x_taps = in_x / width;
        return average_windows<windows{.batch = 1, .y = {in_y, y, y, 0, 1}, .x = {in_x, x_taps, x_taps, 0, 1}}>(x);
    } else {
        constexpr shape to = with_image(X::extent, 2, height, width);
        return typename handle_with<typename X::value_type, dims_of<shape_constant<to>>>::type{
            adaptive_average(value_for<X>{x.g, x.id}, height, width)};
    }
}

}  // namespace ashlar::detail
