// SPDX-License-Identifier: BSL-1.0
// build error: take_makes_more_than_six_axes<.*Shape<2, 2, 2, 2>.*Shape<1, 1, 1, 1>
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    ashlar::Tensor<float, 2, 2, 2, 2> a{};
    ashlar::Tensor<int, 1, 1, 1, 1> index{};
    auto b = ashlar::take<0>(a, index);
}
