// SPDX-License-Identifier: BSL-1.0
// build error: input_needs_the_axes_batch_and_channels<.*BatchNorm2d<4>, .*Shape<4, 5, 5>
// max lines: 10
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

int main() {
    nn::BatchNorm2d<4> layer;
    ashlar::Tensor<float, 4, 5, 5> x{};
    ashlar::Tensor<float, 4, 5, 5> y = layer(x);
}
