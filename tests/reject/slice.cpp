// SPDX-License-Identifier: BSL-1.0
// build error: slice_out_of_range<.*Shape<4, 3>.*1, 2, 5
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    ashlar::Tensor<float, 4, 3> a{};
    ashlar::Tensor<float, 4, 2> b = ashlar::slice<1, 2, 5>(a);
}
