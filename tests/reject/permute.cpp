// SPDX-License-Identifier: BSL-1.0
// build error: permute_needs_every_axis_once<.*Shape<4, 3>.*0, 0
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    ashlar::Tensor<float, 4, 3> a{};
    ashlar::Tensor<float, 3, 4> b = ashlar::permute<0, 0>(a);
}
