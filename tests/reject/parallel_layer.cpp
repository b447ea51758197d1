// SPDX-License-Identifier: BSL-1.0
// build error: layer_shape_mismatch<.*Linear<7, 5>, 1, 7, 3>
// max lines: 10
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

int main() {
    nn::Parallel<nn::join::sum, nn::Linear<3, 5>, nn::Linear<7, 5>> model{ashlar::seed(0)};
    ashlar::Tensor<float, 4, 3> x{};
    const auto y = ashlar::eval(model(x));
}
