// SPDX-License-Identifier: BSL-1.0
// build error: slice_out_of_range<.*Shape<4, 3>.*1, -1, -1, -1>
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    const ashlar::Tensor<float, 4, 3> a{};
    const auto b = ashlar::eval(ashlar::slice<1, -1, -1, -1>(a));
}
