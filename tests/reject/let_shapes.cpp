// SPDX-License-Identifier: BSL-1.0
// Shapes that do not fit inside of the function of let.
// build error: matmul_inner_dimensions_differ<.*Shape<2, 3>, .*Shape<2, 3>
// max lines: 12
#include <ashlar/ashlar.hpp>
using ashlar::Tensor;

int main() {
    Tensor<float, 2, 3> a{};
    float v = ashlar::let(a + a, [](auto e) { return sum(matmul(e, e)); });
}
