// SPDX-License-Identifier: BSL-1.0
// build error: two_halves_need_an_axis_of_even_extent<.*Shape<2, 5>, -1>
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    ashlar::Tensor<float, 2, 5> x{};
    auto y = glu(x);
}
