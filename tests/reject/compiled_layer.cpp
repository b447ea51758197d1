// SPDX-License-Identifier: BSL-1.0
// build error: layer_shape_mismatch<.*Linear<9, 1>, 1, 9, 12>
// max lines: 10
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

int main() {
    nn::Sequential<nn::Linear<4, 12>, nn::Linear<9, 1>> model{ashlar::seed(0)};
    const auto fast = ashlar::compile(model);
    ashlar::Tensor<float, 8, 4> x{};
    ashlar::Tensor<float, 8, 1> y = fast(x);
}
