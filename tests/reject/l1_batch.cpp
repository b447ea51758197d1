// SPDX-License-Identifier: BSL-1.0
// build error: loss_input_and_target_differ<.*L1Loss<.*Shape<8, 2>.*Shape<7, 2>
// max lines: 10
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

int main() {
    nn::Linear<4, 2> model{ashlar::seed(0)};
    ashlar::Tensor<float, 8, 4> x{};
    ashlar::Tensor<float, 7, 2> y{};
    float value = nn::L1Loss{}(model(x), y);
}
