// SPDX-License-Identifier: BSL-1.0
// build error: dot_takes_two_equal_vectors<.*Shape<4>.*Shape<3>
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    ashlar::Tensor<float, 4> a{};
    ashlar::Tensor<float, 3> b{};
    float c = dot(a, b);
}
