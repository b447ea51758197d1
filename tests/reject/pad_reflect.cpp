// SPDX-License-Identifier: BSL-1.0
// build error: pad_takes_more_than_there_is<.*Shape<4, 3>.*0, 3>
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    const ashlar::Tensor<float, 4, 3> a{};
    const auto b = ashlar::eval(ashlar::pad_reflect<0, 3>(a));
}
