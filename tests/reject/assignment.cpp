// SPDX-License-Identifier: BSL-1.0
// build error: assigned_shape_differs<.*Shape<3, 4>.*Shape<4, 3>
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    ashlar::Tensor<float, 4, 3> a{};
    ashlar::Tensor<float, 3, 4> b{};
    b = a + a;
}
