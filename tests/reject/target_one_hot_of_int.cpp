// SPDX-License-Identifier: BSL-1.0
// build error: class_probabilities_have_to_be_floating__convert_with_to<.*CrossEntropyLoss<.*Shape<8, 3>, int>
// max lines: 10
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

int main() {
    nn::Linear<4, 3> model{ashlar::seed(0)};
    ashlar::optim::SGD sgd{model, {.lr = 0.1}};
    ashlar::Tensor<float, 8, 4> x{};
    ashlar::Tensor<int, 8, 3> y{};
    float value = sgd.step(nn::CrossEntropyLoss{}(model(x), y));
}
