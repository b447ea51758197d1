// SPDX-License-Identifier: BSL-1.0
// build error: class_indices_have_to_be_whole_numbers__a_target_of_int<.*CrossEntropyLoss<.*Shape<8>, float>
// max lines: 10
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

int main() {
    nn::Linear<4, 3> model{ashlar::seed(0)};
    ashlar::optim::SGD sgd{model, {.lr = 0.1}};
    ashlar::Tensor<float, 8, 4> x{};
    ashlar::Tensor<float, 8> y{};
    float value = sgd.step(nn::CrossEntropyLoss{}(model(x), y));
}
