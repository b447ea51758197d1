// SPDX-License-Identifier: BSL-1.0
// limit -O3: 3 s, 300 MB
// counted: -O2 -c
// counts clang++ 19 with libstdc++ 12: types 124652, declarations 86613, expressions 516456, code 19188, steps 40656
// counts g++ 12: memory 205, functions 10195, classes 6458, code 17071, steps 679418
#include <ashlar/ashlar.hpp>

namespace nn = ashlar::nn;
namespace optim = ashlar::optim;
using ashlar::Tensor;

static nn::Sequential<nn::Linear<784, 128>, nn::ReLU, nn::Linear<128, 10>> model;
static Tensor<float, 64, 784> x;
static Tensor<int, 64> y;

int main(int argc, char**) {
    initialize(model, ashlar::seed(1));
    x = Tensor<float, 64, 784>::full(static_cast<float>(argc));
    y = Tensor<int, 64>::full(argc);
    static optim::SGD sgd{model, {.lr = 0.1f}};
    nn::CrossEntropyLoss criterion;
    float loss = 0;
    for (int step = 0; step < 10; ++step) loss = sgd.step(criterion(model(x), y));
    return loss > 100;
}
