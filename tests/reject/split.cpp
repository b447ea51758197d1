// SPDX-License-Identifier: BSL-1.0
// build error: split_sizes_do_not_add_up<.*Shape<4, 3>.*1, 1, 1
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    ashlar::Tensor<float, 4, 3> a{};
    auto [first, second] = ashlar::split<1, 1, 1>(a);
    ashlar::Tensor<float, 4, 1> b = first + second;
}
