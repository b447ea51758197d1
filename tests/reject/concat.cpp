// SPDX-License-Identifier: BSL-1.0
// build error: concat_shapes_differ_outside_the_axis<.*Shape<4, 3>.*Shape<5, 2>
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    ashlar::Tensor<float, 4, 3> a{};
    ashlar::Tensor<float, 5, 2> b{};
    ashlar::Tensor<float, 4, 5> c = ashlar::concat<1>(a, b);
}
