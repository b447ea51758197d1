// SPDX-License-Identifier: BSL-1.0
// build error: tensordot_takes_as_many_axes_of_both<.*Shape<4, 3>.*Shape<2, 5>.*axes<0, 1>.*axes<1>
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    const ashlar::Tensor<float, 4, 3> a{};
    const ashlar::Tensor<float, 2, 5> b{};
    const auto c = ashlar::eval(ashlar::tensordot<ashlar::axes<0, 1>, ashlar::axes<1>>(a, b));
}
