// SPDX-License-Identifier: BSL-1.0
// build error: squeeze_needs_an_axis_of_extent_1<.*Shape<4, 1, 3>.*-1>
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    const ashlar::Tensor<float, 4, 3> a{};
    const auto b = ashlar::eval(ashlar::squeeze<1, -1>(ashlar::unsqueeze<1>(a)));
}
