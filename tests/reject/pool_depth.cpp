// SPDX-License-Identifier: BSL-1.0
// build error: input_needs_the_axes_batch_channels_depth_height_width<.*MaxPool3d<2>, .*Shape<1, 4, 4>
// max lines: 10
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

int main() {
    ashlar::Tensor<float, 1, 4, 4> x{};
    ashlar::Tensor<float, 1, 2, 2> y = nn::MaxPool3d<2>{}(x);
}
