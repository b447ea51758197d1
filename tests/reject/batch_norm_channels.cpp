// SPDX-License-Identifier: BSL-1.0
// build error: layer_shape_mismatch<.*BatchNorm1d<8>, 1, 8, 4>
// max lines: 10
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

int main() {
    nn::Sequential<nn::Linear<3, 4>, nn::BatchNorm1d<8>> model{ashlar::seed(0)};
    ashlar::Tensor<float, 2, 3> x{};
    ashlar::Tensor<float, 2, 8> y = model(x);
}
