// SPDX-License-Identifier: BSL-1.0
// build error: input_channels_differ<.*Conv1d<4, 8, 3.*>, 4, .*Shape<2, 3, 9>
// max lines: 10
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

int main() {
    nn::Conv1d<4, 8, 3> model{ashlar::seed(0)};
    ashlar::Tensor<float, 2, 3, 9> x{};
    ashlar::Tensor<float, 2, 8, 7> y = model(x);
}
