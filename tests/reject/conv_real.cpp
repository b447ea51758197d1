// SPDX-License-Identifier: BSL-1.0
// build error: input_type_differs<.*Conv2d<1, 6, 3.*>, double, float>
// max lines: 10
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

int main() {
    nn::Conv2d<1, 6, 3, nn::real<double>> model{ashlar::seed(0)};
    ashlar::Tensor<float, 2, 1, 9, 9> x{};
    auto y = model(x);
}
