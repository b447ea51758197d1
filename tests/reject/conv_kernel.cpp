// SPDX-License-Identifier: BSL-1.0
// build error: kernel_is_larger_than_the_padded_input<.*Conv2d<6, 8, 5.*>, .*Shape<2, 6, 3, 4>
// max lines: 10
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

int main() {
    nn::Sequential<nn::Conv2d<1, 6, 3>, nn::ReLU, nn::MaxPool2d<2>, nn::Conv2d<6, 8, 5>> model{ashlar::seed(0)};
    ashlar::Tensor<float, 2, 1, 8, 10> x{};
    auto y = model(x);
}
