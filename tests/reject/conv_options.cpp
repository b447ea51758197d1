// SPDX-License-Identifier: BSL-1.0
// build error: convolution_does_not_take_all_of_its_options<.*Conv1d<1, 6, 3.*>
// max lines: 10
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

int main() {
    nn::Conv1d<1, 6, 3, nn::same, nn::padding<1>> model{ashlar::seed(0)};
    ashlar::Tensor<float, 2, 1, 9> x{};
    auto y = model(x);
}
