// SPDX-License-Identifier: BSL-1.0
// build error: take_along_axis_needs_an_index_that_broadcasts<.*Shape<4, 3>.*Shape<2, 5>.*0
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    ashlar::Tensor<float, 4, 3> a{};
    ashlar::Tensor<int, 2, 5> index{};
    ashlar::Tensor<float, 2, 5> b = ashlar::take_along_axis<0>(a, index);
}
