// SPDX-License-Identifier: BSL-1.0
// build error: assigned_shape_differs<.*Shape<5>.*Shape<4>
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    ashlar::Tensor<float, 4, 3> a{};
    ashlar::Tensor<float, 5> b = ashlar::sum<1>(a);
}
