// SPDX-License-Identifier: BSL-1.0
// build error: loss_inputs_differ<.*CrossEntropyLoss<.*weighted<3.*Shape<8, 4>.*Shape<3>
// max lines: 10
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

int main() {
    nn::Linear<2, 4> model{ashlar::seed(0)};
    ashlar::Tensor<float, 8, 2> x{};
    ashlar::Tensor<int, 8> y{};
    nn::CrossEntropyLoss<nn::reduction::mean, nn::weighted<3>> criterion{.weight = {1, 2, 3}};
    float value = criterion(model(x), y);
}
