// SPDX-License-Identifier: BSL-1.0
// build error: convolution_does_not_take_all_of_its_options<.*ConvTranspose1d<4, 8, 3.*>
// max lines: 10
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

int main() {
    nn::ConvTranspose1d<4, 8, 3, nn::padding<1>, nn::padding_mode::reflect> model{ashlar::seed(0)};
    ashlar::Tensor<float, 2, 4, 7> x{};
    auto y = model(x);
}
