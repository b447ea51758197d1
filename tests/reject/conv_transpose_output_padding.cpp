// SPDX-License-Identifier: BSL-1.0
// build error: an_output_padding_is_less_than_the_stride_or_the_dilation<.*ConvTranspose1d<4, 8, 3.*>
// max lines: 10
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

int main() {
    nn::ConvTranspose1d<4, 8, 3, nn::stride<2>, nn::output_padding<2>> model{ashlar::seed(0)};
    ashlar::Tensor<float, 2, 4, 7> x{};
    auto y = model(x);
}
