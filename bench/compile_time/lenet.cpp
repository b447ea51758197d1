// SPDX-License-Identifier: BSL-1.0
// limit -O3: 5 s, 320 MB
#include <ashlar/ashlar.hpp>

namespace nn = ashlar::nn;
namespace optim = ashlar::optim;
using ashlar::Tensor;

static nn::Sequential<nn::Conv2d<1, 8, 5>, nn::ReLU, nn::MaxPool2d<2>, nn::Conv2d<8, 16, 5>, nn::ReLU, nn::MaxPool2d<2>,
                      nn::Flatten, nn::Linear<256, 10>>
    model;
static Tensor<float, 32, 1, 28, 28> x;
static Tensor<int, 32> y;

int main(int argc, char**) {
    initialize(model, ashlar::seed(1));
    x = Tensor<float, 32, 1, 28, 28>::full(static_cast<float>(argc));
    y = Tensor<int, 32>::full(argc);
    static optim::SGD sgd{model, {.lr = 0.1f}};
    nn::CrossEntropyLoss criterion;
    float loss = 0;
    for (int step = 0; step < 10; ++step) loss = sgd.step(criterion(model(x), y));
    return loss > 100;
}
