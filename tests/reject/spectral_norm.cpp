// SPDX-License-Identifier: BSL-1.0
// The wrapped layer says what does not fit.
// build error: layer_shape_mismatch<.*Linear<9, 1> ?>?, 1, 9, 8>
// max lines: 10
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

int main() {
    nn::Sequential<nn::Linear<4, 8>, nn::spectral_norm<nn::Linear<9, 1>>> model;
    const ashlar::Tensor<float, 2, 4> x{};
    const ashlar::Tensor<float, 2, 1> y = model(x);
}
