// SPDX-License-Identifier: BSL-1.0
// build error: axis_out_of_range<.*Shape<4, 3>.*2
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    ashlar::Tensor<float, 4, 3> a{};
    ashlar::Tensor<int, 5> index{};
    ashlar::Tensor<float, 4, 3, 5> b = ashlar::take<2>(a, index);
}
