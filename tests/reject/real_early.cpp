// SPDX-License-Identifier: BSL-1.0
// Layers of two types cannot follow each other, with layers that keep the type between them.
// build error: layer_type_mismatch<.*Linear<8, 2>, 3, float, double>
// max lines: 10
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

int main() {
    nn::Sequential<nn::Linear<4, 8, nn::real<double>>, nn::ReLU, nn::Flatten, nn::Linear<8, 2>> model;
    const ashlar::Tensor<double, 8, 4> x{};
    const ashlar::Tensor<double, 8, 2> y = model(x);
}
