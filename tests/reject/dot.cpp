// SPDX-License-Identifier: BSL-1.0
// build error: dot_and_outer_take_vectors<.*Shape<4, 3>.*Shape<3>
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    ashlar::Tensor<float, 4, 3> a{};
    ashlar::Tensor<float, 3> b{};
    float c = ashlar::dot(a, b);
}
