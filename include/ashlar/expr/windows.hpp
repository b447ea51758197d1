// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/expr/graph.hpp"
#include "ashlar/tensor/window.hpp"

// Windows as the attributes of a node.
namespace ashlar {

namespace detail {

constexpr void put_axis(attributes& a, int at, int after, const window_axis& axis) {
    const index all[] = {axis.in, axis.taps, axis.stride, axis.padding, axis.dilation};
    for (int i = 0; i < 5; ++i) a.value[at + i] = all[i];
    a.value[after] = axis.after;
}
constexpr window_axis axis_at(const attributes& a, int at, int after) {
    const index* v = a.value + at;
    return {v[0], v[1], v[2], v[3], v[4], a.value[after]};
}

}  // namespace detail

/// What is computed, the dimensions of an image, the groups, then in, taps, stride, padding and dilation of the height
/// and of the width, after of both, and in three dimensions all six of the depth.
constexpr attributes attributes_of(const windows& w) {
    attributes a{15, {static_cast<index>(w.what), w.dimensions, w.groups}};
    detail::put_axis(a, 3, 13, w.y);
    detail::put_axis(a, 8, 14, w.x);
    if (w.dimensions == 3) detail::put_axis(a, 15, 20, w.z), a.count = 21;
    return a;
}
/// The windows that attributes state; batch, channels and features are 1.
constexpr windows stated_by(const attributes& a) {
    windows w{.what = static_cast<sliding>(a.value[0]),
              .dimensions = static_cast<int>(a.value[1]),
              .groups = a.value[2],
              .y = detail::axis_at(a, 3, 13),
              .x = detail::axis_at(a, 8, 14)};
    if (w.dimensions == 3) w.z = detail::axis_at(a, 15, 20);
    return w;
}

}  // namespace ashlar
