// SPDX-License-Identifier: BSL-1.0
// build error: pixel_shuffle_needs_channels_that_its_square_divides<.*PixelShuffle<3>, .*Shape<1, 6, 4, 4>
// max lines: 10
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

int main() {
    nn::Sequential<nn::ReLU, nn::PixelShuffle<3>> model{ashlar::seed(0)};
    ashlar::Tensor<float, 1, 6, 4, 4> x{};
    const auto y = ashlar::eval(model(x));
}
