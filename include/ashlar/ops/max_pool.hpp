// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/window.hpp"

namespace ashlar {

/// The largest element of every window: PyTorch's max_pool1d and max_pool2d, with -inf around the image.
/// Derivative: g to the first largest element of each window. Edges: nan spreads.
struct max_pool_op : window {
    static constexpr const char* name = "max_pool";
    static constexpr sliding what = sliding::pool;
    static constexpr adjoints pullback(auto g, auto y, auto image, auto);
};

/// Of an output-shaped tensor every element added to where the window's largest element is in the image, which is
/// itself a constant: it moves nothing until another element becomes the largest.
struct max_pool_input_op : window {
    static constexpr const char* name = "max_pool_input";
    static constexpr sliding what = sliding::pool_image;
    static constexpr adjoints pullback(auto g, auto y, auto image, auto output);
};

/// The elements of an image-shaped tensor in the places of the windows' largest elements of the image.
struct max_pool_pick_op : window {
    static constexpr const char* name = "max_pool_pick";
    static constexpr sliding what = sliding::pool_pick;
    static constexpr adjoints pullback(auto g, auto y, auto image, auto other);
};

constexpr adjoints max_pool_op::pullback(auto g, auto y, auto image, auto) {
    return {{along<max_pool_input_op>(y, image, g)}};
}
constexpr adjoints max_pool_input_op::pullback(auto g, auto y, auto image, auto) {
    return {{none, along<max_pool_pick_op>(y, image, g)}};
}
constexpr adjoints max_pool_pick_op::pullback(auto g, auto y, auto image, auto) {
    return {{none, along<max_pool_input_op>(y, image, g)}};
}

}  // namespace ashlar
