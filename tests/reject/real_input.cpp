// SPDX-License-Identifier: BSL-1.0
// A model of double takes no float.
// build error: layer_type_mismatch<.*Linear<4, 8, .*real<double> ?>, 1, double, float>
// max lines: 10
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

int main() {
    nn::Sequential<nn::ReLU, nn::Linear<4, 8, nn::real<double>>> model;
    const ashlar::Tensor<float, 8, 4> x{};
    const ashlar::Tensor<double, 8, 8> y = model(x);
}
