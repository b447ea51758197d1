// SPDX-License-Identifier: BSL-1.0
// build error: assigned_shape_differs<.*Shape<3>, .*Shape<2, 3>
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    ashlar::Tensor<float, 3> x{};
    ashlar::Tensor<float, 2, 3> y{};
    x += y;
}
