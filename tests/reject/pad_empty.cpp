// SPDX-License-Identifier: BSL-1.0
// build error: pad_leaves_no_element<.*Shape<4, 3>.*-1, -2>
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    const ashlar::Tensor<float, 4, 3> a{};
    const auto b = ashlar::eval(ashlar::pad<-1, -2>(a, 1.0f));
}
