// SPDX-License-Identifier: BSL-1.0
// A model is trained by a loss that calls one of its layers.
// build error: the_loss_calls_only_a_part_of_the_trained_model__call_the_model_or_train_the_part<
// build error: Sequential<
// max lines: 10
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

int main() {
    nn::Sequential<nn::Linear<4, 8>, nn::ReLU, nn::Linear<8, 2>> model{ashlar::seed(0)};
    const ashlar::Tensor<float, 8, 4> x{};
    const ashlar::Tensor<float, 8, 2> y{};
    ashlar::optim::Adam adam{model};
    auto hidden = model.get<0>()(x);
    float value = adam.step(sum(hidden * hidden));
}
