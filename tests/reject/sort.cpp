// SPDX-License-Identifier: BSL-1.0
// build error: axis_out_of_range<.*Shape<4, 3>.*2
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    const ashlar::Tensor<float, 4, 3> a{};
    const auto b = ashlar::eval(ashlar::sort<2>(a));
}
