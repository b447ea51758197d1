// SPDX-License-Identifier: BSL-1.0
// build error: residual_changes_the_shape<.*Residual<.*Linear<6, 5>.*Shape<4, 6>.*Shape<4, 5>
// max lines: 10
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

int main() {
    nn::Sequential<nn::Linear<3, 6>, nn::Residual<nn::Linear<6, 5>, nn::ReLU>> model{ashlar::seed(0)};
    ashlar::Tensor<float, 4, 3> x{};
    ashlar::Tensor<float, 4, 6> y = model(x);
}
