// SPDX-License-Identifier: BSL-1.0
// build error: assigned_shape_differs<.*Shape<6>.*Shape<4>
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    float memory[6]{};
    ashlar::Tensor<float, 4> a{};
    ashlar::TensorView<float, 6> b{memory};
    b = a + a;
}
