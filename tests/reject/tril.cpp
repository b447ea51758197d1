// SPDX-License-Identifier: BSL-1.0
// build error: a_triangle_needs_two_axes<.*Shape<12>
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    const ashlar::Tensor<float, 4, 3> a{};
    const auto b = ashlar::eval(ashlar::tril<1>(ashlar::reshape<12>(a)));
}
