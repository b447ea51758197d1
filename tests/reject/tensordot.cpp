// SPDX-License-Identifier: BSL-1.0
// build error: tensordot_axes_have_two_extents<.*Shape<4, 3>.*Shape<2, 5>.*3, 2>
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    const ashlar::Tensor<float, 4, 3> a{};
    const ashlar::Tensor<float, 2, 5> b{};
    const auto c = ashlar::eval(ashlar::tensordot<1>(a, b));
}
