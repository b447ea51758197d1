// SPDX-License-Identifier: BSL-1.0
// build error: repeat_takes_a_number_for_each_axis_and_at_most_six<.*Shape<4, 3>.*2>
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    const ashlar::Tensor<float, 4, 3> a{};
    const auto b = ashlar::eval(ashlar::repeat<2>(a));
}
