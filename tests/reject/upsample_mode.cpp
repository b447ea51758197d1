// SPDX-License-Identifier: BSL-1.0
// build error: upsample_takes_a_batch_of_the_dimensions_of_its_mode<.*Upsample<2.*bilinear.*>, .*Shape<2, 4, 7>
// max lines: 10
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

int main() {
    nn::Sequential<nn::Conv1d<1, 4, 3>, nn::Upsample<2, nn::mode::bilinear>> model{ashlar::seed(0)};
    ashlar::Tensor<float, 2, 1, 9> x{};
    auto y = model(x);
}
