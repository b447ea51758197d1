// SPDX-License-Identifier: BSL-1.0
// build error: expand_cannot_reach_shape<.*Shape<4, 3>.*Shape<4, 6>
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    ashlar::Tensor<float, 4, 3> a{};
    ashlar::Tensor<float, 4, 6> b = ashlar::expand<4, 6>(a);
}
