// SPDX-License-Identifier: BSL-1.0
// build error: pad_takes_two_numbers_for_each_axis_from_the_last_on<.*Shape<4, 3>.*1, 2, 3>
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    const ashlar::Tensor<float, 4, 3> a{};
    const auto b = ashlar::eval(ashlar::pad<1, 2, 3>(a));
}
