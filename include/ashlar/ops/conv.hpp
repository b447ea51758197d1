// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/window.hpp"

namespace ashlar {

/// The cross-correlation of an image (n, c, ...) with a weight (o, c / groups, ...): PyTorch's conv1d, conv2d
/// and conv3d.
/// Value: sum over c and p of image[n, c, i * stride + p * dilation - padding] * weight[o, c, p],
/// 0 outside of the image.
/// Derivatives: the two ops below, whose derivatives are these three again. Error: the bound of `sum`.
struct conv_op : window {
    static constexpr const char* name = "conv";
    static constexpr sliding what = sliding::output;
    static constexpr adjoints pullback(auto g, auto y, auto image, auto weight);
};

/// The same sum without the image: conv_transpose of an output-shaped tensor with the weight.
struct conv_input_op : window {
    static constexpr const char* name = "conv_input";
    static constexpr sliding what = sliding::image;
    static constexpr adjoints pullback(auto g, auto y, auto output, auto weight);
};

/// The same sum without the weight: over the batch and all windows.
struct conv_weight_op : window {
    static constexpr const char* name = "conv_weight";
    static constexpr sliding what = sliding::weight;
    static constexpr adjoints pullback(auto g, auto y, auto image, auto output);
};

constexpr adjoints conv_op::pullback(auto g, auto y, auto image, auto weight) {
    return {{along<conv_input_op>(y, g, weight), along<conv_weight_op>(y, image, g)}};
}
constexpr adjoints conv_input_op::pullback(auto g, auto y, auto output, auto weight) {
    return {{along<conv_op>(y, g, weight), along<conv_weight_op>(y, g, output)}};
}
constexpr adjoints conv_weight_op::pullback(auto g, auto y, auto image, auto output) {
    return {{along<conv_input_op>(y, output, g), along<conv_op>(y, image, g)}};
}

}  // namespace ashlar
