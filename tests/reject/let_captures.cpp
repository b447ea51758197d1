// SPDX-License-Identifier: BSL-1.0
// The function of let captures a tensor, which would be read while compiling.
// build error: the function of ashlar::let captures nothing
// max lines: 10
#include <ashlar/ashlar.hpp>
using ashlar::Tensor;

int main() {
    Tensor<float, 3> a{}, b{};
    Tensor<float, 3> c = ashlar::let(a + b, [&](auto e) { return e * b; });
}
