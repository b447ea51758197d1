// SPDX-License-Identifier: BSL-1.0
// limit -O3: 2.0 s, 300 MB
#include <ashlar/ashlar.hpp>

namespace nn = ashlar::nn;
using ashlar::Tensor;

static nn::Sequential<nn::Linear<784, 128>, nn::ReLU, nn::Linear<128, 10>> model;
static Tensor<float, 784> x;

int main(int argc, char**) {
    initialize(model, ashlar::seed(1));
    x = Tensor<float, 784>::full(static_cast<float>(argc));
    const Tensor<float, 10> y = model(x);
    return y(3) > 100;
}
