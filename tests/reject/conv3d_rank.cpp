// SPDX-License-Identifier: BSL-1.0
// build error: input_needs_the_axes_batch_channels_depth_height_width<.*Conv3d<1, 6, 3.*>, .*Shape<1, 9, 9>
// max lines: 10
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

int main() {
    nn::Conv3d<1, 6, 3> model{ashlar::seed(0)};
    ashlar::Tensor<float, 1, 9, 9> x{};
    auto y = model(x);
}
