// SPDX-License-Identifier: BSL-1.0
// build error: unfold_needs_windows_that_fit<.*Shape<4, 3>.*0, 5, 1>
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    const ashlar::Tensor<float, 4, 3> a{};
    const auto b = ashlar::eval(ashlar::unfold<0, 5, 1>(a));
}
