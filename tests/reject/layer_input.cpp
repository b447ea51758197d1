// SPDX-License-Identifier: BSL-1.0
// build error: layer_shape_mismatch<.*Linear<4, 12>, 0, 4, 5>
// max lines: 10
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

int main() {
    nn::Sequential<nn::Linear<4, 12>, nn::ReLU, nn::Linear<12, 1>> model{ashlar::seed(0)};
    ashlar::Tensor<float, 8, 5> x{};
    ashlar::Tensor<float, 8, 1> y{};
    ashlar::optim::SGD sgd{model, {.lr = 0.1}};
    float loss = sgd.step(nn::MSELoss{}(model(x), y));
}
