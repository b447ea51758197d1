// SPDX-License-Identifier: BSL-1.0
// A step of scores and targets, without a loss.
// build error: step_takes_the_loss_alone
// max lines: 15
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;
using ashlar::Tensor;
using Model = nn::Sequential<nn::Linear<4, 8>, nn::ReLU, nn::Linear<8, 2>>;

int main() {
    Model m{ashlar::seed(0)};
    const Tensor<float, 3, 4> x{};
    const Tensor<int, 3> labels{};
    ashlar::optim::SGD sgd{m, {.lr = 0.1}};
    sgd.step(m(x), labels);
}
