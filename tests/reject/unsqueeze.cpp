// SPDX-License-Identifier: BSL-1.0
// build error: unsqueeze_makes_more_than_six_axes<.*Shape<1, 2, 1, 2, 1, 2>
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    const ashlar::Tensor<float, 1, 2, 1, 2, 1, 2> x{};
    auto y = ashlar::unsqueeze<0>(x);
}
