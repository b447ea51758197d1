// SPDX-License-Identifier: BSL-1.0
// build error: an_axis_is_named_twice<.*Shape<4, 3>.*0, 1, -2>
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    const ashlar::Tensor<float, 4, 3> a{};
    const auto b = ashlar::eval(ashlar::flip<0, 1, -2>(a));
}
