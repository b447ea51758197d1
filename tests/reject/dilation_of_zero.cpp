// SPDX-License-Identifier: BSL-1.0
// build error: a dilation is at least 1
// max lines: 32
#include <ashlar/ashlar.hpp>

namespace nn = ashlar::nn;

int main() {
    const nn::Conv2d<2, 1, 3, nn::dilation<0>> layer{ashlar::seed(0)};
    const ashlar::Tensor<float, 1, 2, 5, 5> x{};
    const ashlar::Tensor<float, 1, 1, 5, 5> y = layer(x);
}
