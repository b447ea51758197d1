// SPDX-License-Identifier: BSL-1.0
// build error: initializer_does_not_have_the_extents<.*Shape<2, 3>.*Shape<2, 2>
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    ashlar::Tensor<float, 2, 3> a{{1, 2}, {3, 4}};
}
