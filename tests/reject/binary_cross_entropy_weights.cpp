// SPDX-License-Identifier: BSL-1.0
// build error: loss_inputs_differ<.*BCELoss<.*weighted_elements<3, 1>.*Shape<8, 4>.*Shape<3, 1>
// max lines: 10
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

int main() {
    nn::Linear<2, 4> model{ashlar::seed(0)};
    ashlar::Tensor<float, 8, 2> x{};
    ashlar::Tensor<float, 8, 4> y{};
    nn::BCELoss<nn::reduction::mean, nn::weighted_elements<3, 1>> criterion{.weight = {{1}, {2}, {3}}};
    float value = criterion(model(x), y);
}
