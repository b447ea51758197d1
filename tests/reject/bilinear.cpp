// SPDX-License-Identifier: BSL-1.0
// build error: bilinear_takes_two_inputs_of_its_features<.*Bilinear<3, 2, 4>, .*Shape<5, 3>, .*Shape<5, 3>
// max lines: 10
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

int main() {
    nn::Bilinear<3, 2, 4> model{ashlar::seed(0)};
    ashlar::Tensor<float, 5, 3> x{};
    ashlar::Tensor<float, 5, 4> y = model(x, x);
}
