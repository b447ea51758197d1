// SPDX-License-Identifier: BSL-1.0
// One of several results is at fault: that is all there is to say.
// build error: shapes_do_not_broadcast<.*Shape<3>, .*Shape<4>
// max lines: 14
#include <ashlar/ashlar.hpp>
using ashlar::Tensor;

int main() {
    Tensor<float, 3> a{};
    Tensor<float, 4> b{};
    auto [p, q] = ashlar::eval(ashlar::together(a + b, a * a));
}
