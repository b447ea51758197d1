// SPDX-License-Identifier: BSL-1.0
// build error: stack_needs_equal_shapes<.*Shape<4>.*Shape<3>
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    ashlar::Tensor<float, 4> a{};
    ashlar::Tensor<float, 3> b{};
    ashlar::Tensor<float, 2, 4> c = ashlar::stack<0>(a, b);
}
