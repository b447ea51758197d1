// SPDX-License-Identifier: BSL-1.0
// build error: topk_is_from_1_to_the_extent_of_the_axis<.*Shape<4, 3>.*4, -1
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    const ashlar::Tensor<float, 4, 3> a{};
    const auto b = ashlar::eval(ashlar::topk<4>(a));
}
