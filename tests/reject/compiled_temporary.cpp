// SPDX-License-Identifier: BSL-1.0
// build error: use of deleted function|call to deleted function
// max lines: 20
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

int main() {
    nn::Linear<4, 8> layer{ashlar::seed(0)};
    ashlar::Tensor<float, 4> x{};
    ashlar::Tensor<float, 8> y = ashlar::compile(layer)(x);
}
