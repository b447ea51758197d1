// SPDX-License-Identifier: BSL-1.0
// build error: axis_out_of_range<.*Shape<4, 3>.*2
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    ashlar::Tensor<float, 4, 3> a{};
    ashlar::Tensor<float> b = sum(ashlar::var<0, 2, ashlar::keepdim>(a));
}
