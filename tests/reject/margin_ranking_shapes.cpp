// SPDX-License-Identifier: BSL-1.0
// build error: loss_inputs_differ<.*MarginRankingLoss<.*Shape<8, 1>.*Shape<8, 1>.*Shape<8>
// max lines: 10
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

int main() {
    nn::Linear<4, 1> model{ashlar::seed(0)};
    ashlar::Tensor<float, 8, 4> first{}, second{};
    ashlar::Tensor<float, 8> y{};
    float value = nn::MarginRankingLoss{}(model(first), model(second), y);
}
