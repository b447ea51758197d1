// SPDX-License-Identifier: BSL-1.0
// build error: diagonal_takes_two_axes<.*Shape<4, 3>.*1, -1>
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    const ashlar::Tensor<float, 4, 3> a{};
    const auto b = ashlar::eval(ashlar::diagonal<0, 1, -1>(a));
}
