// SPDX-License-Identifier: BSL-1.0
// The functional form, for a layer of the model that the loss calls.
// build error: only_a_part_is_trained_of_the_model_that_the_loss_calls__train_the_whole_model<
// build error: Linear<4, 8>
// max lines: 10
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

int main() {
    nn::Sequential<nn::Linear<4, 8>, nn::ReLU, nn::Linear<8, 2>> model{ashlar::seed(0)};
    const ashlar::Tensor<float, 8, 4> x{};
    const ashlar::Tensor<float, 8, 2> y{};
    auto [value, gradients] = ashlar::value_and_grad(nn::MSELoss{}(model(x), y), model.get<0>());
}
