// SPDX-License-Identifier: BSL-1.0
// build error: the_loss_does_not_call_the_model<
// build error: Linear<4, 3>
// max lines: 10
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

int main() {
    nn::Linear<4, 2> model{ashlar::seed(0)};
    nn::Linear<4, 3> other{ashlar::seed(0)};
    ashlar::optim::SGD sgd{other, {.lr = 0.1}};
    ashlar::Tensor<float, 8, 4> x{};
    ashlar::Tensor<float, 8, 2> y{};
    float value = sgd.step(nn::MSELoss{}(model(x), y));
}
