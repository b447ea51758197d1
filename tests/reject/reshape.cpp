// SPDX-License-Identifier: BSL-1.0
// build error: reshape_changes_the_number_of_elements<.*Shape<4, 3>.*Shape<5, 2>
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    ashlar::Tensor<float, 4, 3> a{};
    ashlar::Tensor<float, 5, 2> b = ashlar::reshape<5, 2>(a);
}
