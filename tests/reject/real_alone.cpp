// SPDX-License-Identifier: BSL-1.0
// A layer of float takes no double.
// build error: input_type_differs<.*Linear<4, 8>, float, double>
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    ashlar::nn::Linear<4, 8> layer;
    const ashlar::Tensor<double, 8, 4> x{};
    const ashlar::Tensor<double, 8, 8> y = layer(x);
}
