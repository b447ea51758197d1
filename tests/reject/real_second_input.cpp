// SPDX-License-Identifier: BSL-1.0
// The second of two inputs is of another type.
// build error: input_type_differs<.*Bilinear<3, 4, 5, .*real<double> ?>, double, float>
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    ashlar::nn::Bilinear<3, 4, 5, ashlar::nn::real<double>> layer;
    const ashlar::Tensor<double, 8, 3> a{};
    const ashlar::Tensor<float, 8, 4> b{};
    const ashlar::Tensor<double, 8, 5> y = layer(a, b);
}
