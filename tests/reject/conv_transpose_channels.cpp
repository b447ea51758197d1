// SPDX-License-Identifier: BSL-1.0
// build error: layer_shape_mismatch<.*ConvTranspose2d<4, 8, 3.*>, 1, 4, 6>
// max lines: 10
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

int main() {
    nn::Sequential<nn::Conv2d<1, 6, 3>, nn::ConvTranspose2d<4, 8, 3>> model{ashlar::seed(0)};
    ashlar::Tensor<float, 2, 1, 9, 9> x{};
    auto y = model(x);
}
