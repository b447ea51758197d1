// SPDX-License-Identifier: BSL-1.0
// Layers that cannot follow each other are refused where a model of them is made, without an input; once.
// build error: layer_shape_mismatch<.*Linear<9, 2>, 3, 9, 8>
// max lines: 10
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

int main() {
    nn::Sequential<nn::Linear<4, 8>, nn::ReLU, nn::Dropout, nn::Linear<9, 2>, nn::Linear<3, 1>> model;
    const ashlar::Tensor<float, 8, 4> x{};
    const ashlar::Tensor<float, 8, 1> y = model(x);
}
