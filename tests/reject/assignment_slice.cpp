// SPDX-License-Identifier: BSL-1.0
// build error: assigned_shape_differs<.*Shape<3, 4>.*Shape<2, 4>
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    ashlar::Tensor<float, 6, 4> a{};
    ashlar::Tensor<float, 2, 4> b{};
    ashlar::slice<0, 2, 5>(a) = b;
}
