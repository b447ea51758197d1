// SPDX-License-Identifier: BSL-1.0
// build error: the_loss_has_to_be_a_scalar<.*Shape<8, 2>
// max lines: 10
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

int main() {
    nn::Sequential<nn::Linear<4, 2>, nn::ReLU> model{ashlar::seed(0)};
    ashlar::optim::SGD sgd{model, {.lr = 0.1}};
    ashlar::Tensor<float, 8, 4> x{};
    ashlar::Tensor<float, 8, 2> y{};
    float value = sgd.step(nn::MSELoss<nn::reduction::none>{}(model(x), y));
}
