// SPDX-License-Identifier: BSL-1.0
// build error: kernel_is_larger_than_the_padded_input<.*MaxPool2d<3.*>, .*Shape<2, 1, 2, 9>
// max lines: 10
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

int main() {
    ashlar::Tensor<float, 2, 1, 2, 9> x{};
    ashlar::Tensor<float, 2, 1, 1, 3> y = nn::MaxPool2d<3>{}(x);
}
