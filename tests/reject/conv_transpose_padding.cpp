// SPDX-License-Identifier: BSL-1.0
// build error: padding_of_the_transposed_convolution_leaves_no_element<.*ConvTranspose1d<4, 8, 3.*>, .*Shape<2, 4, 1>
// max lines: 10
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

int main() {
    nn::ConvTranspose1d<4, 8, 3, nn::padding<2>> model{ashlar::seed(0)};
    ashlar::Tensor<float, 2, 4, 1> x{};
    auto y = model(x);
}
