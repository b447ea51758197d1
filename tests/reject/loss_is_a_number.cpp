// SPDX-License-Identifier: BSL-1.0
// build error: the_loss_is_computed_already__give_the_expression_itself<float>
// max lines: 11
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

int main() {
    nn::Linear<4, 3> model{ashlar::seed(0)};
    ashlar::optim::SGD sgd{model, {.lr = 0.1}};
    ashlar::Tensor<float, 8, 4> x{};
    ashlar::Tensor<int, 8> y{};
    const float loss = nn::CrossEntropyLoss{}(model(x), y);
    sgd.step(loss);
}
