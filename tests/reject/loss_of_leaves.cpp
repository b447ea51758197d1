// SPDX-License-Identifier: BSL-1.0
// A model is trained by a loss that has its parameters as named leaves.
// build error: the_loss_calls_no_model__leaves_and_tensors_are_constants__write_criterion_of_model_of_x<
// build error: Sequential<
// max lines: 10
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

int main() {
    nn::Sequential<nn::Linear<4, 8>, nn::ReLU, nn::Linear<8, 2>> model{ashlar::seed(0)};
    const ashlar::Tensor<float, 8, 4> x{};
    const ashlar::Tensor<float, 8, 2> y{};
    ashlar::optim::SGD sgd{model, {.lr = 0.1}};
    auto weight = ashlar::variable<"weight">(model.get<0>().weight);
    float value = sgd.step(nn::MSELoss{}(ashlar::slice<1, 0, 2>(matmul(x, transpose(weight))), y));
}
