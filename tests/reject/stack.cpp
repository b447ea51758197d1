// SPDX-License-Identifier: BSL-1.0
// build error: concat_shapes_differ_outside_the_axis<.*Shape<1, 4>.*Shape<1, 3>
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    ashlar::Tensor<float, 4> a{};
    ashlar::Tensor<float, 3> b{};
    ashlar::Tensor<float, 2, 4> c = ashlar::stack<0>(a, b);
}
