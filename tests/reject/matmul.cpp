// SPDX-License-Identifier: BSL-1.0
// build error: matmul_inner_dimensions_differ<.*Shape<4, 3>.*Shape<2, 8>
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    ashlar::Tensor<float, 4, 3> a{};
    ashlar::Tensor<float, 2, 8> b{};
    ashlar::Tensor<float, 4, 8> c = relu(matmul(a, b)) * 2.0f;
}
