// SPDX-License-Identifier: BSL-1.0
// An option that SGD does not have.
// build error: SGD_has_the_options_lr_momentum_dampening_weight_decay_nesterov
// max lines: 15
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;
using ashlar::Tensor;
using Model = nn::Sequential<nn::Linear<4, 8>, nn::ReLU, nn::Linear<8, 2>>;

int main() {
    Model m{ashlar::seed(0)};
    ashlar::optim::SGD sgd{m, {.learning_rate = 0.1}};
}
