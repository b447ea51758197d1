// SPDX-License-Identifier: BSL-1.0
// build error: einsum_makes_more_than_six_axes<.*Shape<4, 3>.*Shape<2, 5>
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    const ashlar::Tensor<float, 4, 3> a{};
    const ashlar::Tensor<float, 2, 5> b{};
    const auto c = ashlar::eval(ashlar::einsum<"ij,kl,mn,op">(a, b, a, b));
}
