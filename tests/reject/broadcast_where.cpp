// SPDX-License-Identifier: BSL-1.0
// build error: shapes_do_not_broadcast<.*Shape<4>.*Shape<3>
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    ashlar::Tensor<float, 4> a{};
    ashlar::Tensor<float, 3> b{};
    ashlar::Tensor<float, 4> c = where(a > 0, a, b);
}
