// SPDX-License-Identifier: BSL-1.0
// build error: nn_same_as_a_padding_needs_a_stride_of_1<.*Conv2d<1, 6, 3.*>
// max lines: 10
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

int main() {
    nn::Conv2d<1, 6, 3, nn::same, nn::stride<1, 2>> model{ashlar::seed(0)};
    ashlar::Tensor<float, 2, 1, 9, 9> x{};
    auto y = model(x);
}
