// SPDX-License-Identifier: BSL-1.0
// build error: diagonal_lies_outside<.*Shape<4, 3>.*3, 0, 1>
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    const ashlar::Tensor<float, 4, 3> a{};
    const auto b = ashlar::eval(ashlar::diagonal<3>(a));
}
