// SPDX-License-Identifier: BSL-1.0
// A learning rate as text.
// build error: SGD_has_the_options_lr
// max lines: 15
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;
using ashlar::Tensor;
using Model = nn::Sequential<nn::Linear<4, 8>, nn::ReLU, nn::Linear<8, 2>>;

int main() {
    Model m{ashlar::seed(0)};
    ashlar::optim::SGD sgd{m, {.lr = "0.1"}};
}
