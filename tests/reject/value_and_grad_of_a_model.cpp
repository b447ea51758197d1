// SPDX-License-Identifier: BSL-1.0
// build error: value_and_grad_takes_the_loss_and_then_the_model<
// max lines: 12
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

int main() {
    nn::Linear<4, 3> model{ashlar::seed(0)};
    ashlar::Tensor<float, 8, 4> x{};
    auto result = ashlar::value_and_grad(model, sum(model(x)));
}
