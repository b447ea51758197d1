// SPDX-License-Identifier: BSL-1.0
// build error: kernel_is_larger_than_the_padded_input<.*Conv3d<6, 8, 5.*>, .*Shape<2, 6, 2, 9, 9>
// max lines: 10
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

int main() {
    nn::Sequential<nn::Conv3d<1, 6, 3>, nn::ReLU, nn::Conv3d<6, 8, 5, nn::padding<1>>> model{ashlar::seed(0)};
    ashlar::Tensor<float, 2, 1, 4, 11, 11> x{};
    auto y = model(x);
}
