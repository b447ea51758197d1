// SPDX-License-Identifier: BSL-1.0
// Inference and training where there are neither exceptions nor type information.
// flags: -fno-exceptions -fno-rtti
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;
namespace optim = ashlar::optim;
using ashlar::Tensor;

int main() {
    const Tensor<float, 4, 2> x{{0, 0}, {0, 1}, {1, 0}, {1, 1}};
    const Tensor<int, 4> y{0, 1, 1, 0};
    nn::Sequential<nn::Linear<2, 8>, nn::Tanh, nn::Linear<8, 2>> model{ashlar::seed(0)};
    optim::Adam adam{model, {.lr = 0.05}};
    nn::CrossEntropyLoss criterion;
    float loss = 1;
    for (int i = 0; i < 500; ++i) loss = adam.step(criterion(model(x), y));
    const Tensor<int, 4> answer = argmax<1>(model(x));
    return loss < 0.05f && answer == y ? 0 : 1;
}
