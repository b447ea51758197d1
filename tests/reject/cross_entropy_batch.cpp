// SPDX-License-Identifier: BSL-1.0
// build error: loss_input_and_target_differ<.*CrossEntropyLoss<.*Shape<8, 2>.*Shape<7>
// max lines: 10
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

int main() {
    nn::Sequential<nn::Linear<4, 2>, nn::ReLU> model{ashlar::seed(0)};
    ashlar::optim::SGD sgd{model, {.lr = 0.1}};
    ashlar::Tensor<float, 8, 4> x{};
    ashlar::Tensor<int, 7> y{};
    nn::CrossEntropyLoss criterion;
    float value = sgd.step(criterion(model(x), y));
}
