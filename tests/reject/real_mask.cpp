// SPDX-License-Identifier: BSL-1.0
// A mask that is added is of the layer's type.
// build error: input_type_differs<.*MultiheadAttention<4, 2, .*real<double> ?>, double, float>
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    ashlar::nn::MultiheadAttention<4, 2, ashlar::nn::real<double>> layer;
    const ashlar::Tensor<double, 5, 4> x{};
    const ashlar::Tensor<float, 5, 5> mask{};
    const ashlar::Tensor<double, 5, 4> y = layer(x, x, x, mask);
}
