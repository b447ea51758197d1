// SPDX-License-Identifier: BSL-1.0
// build error: einsum_needs_a_letter_for_each_axis<.*Shape<2, 5>.*3
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    const ashlar::Tensor<float, 4, 3> a{};
    const ashlar::Tensor<float, 2, 5> b{};
    const auto c = ashlar::eval(ashlar::einsum<"ij,jkl->ik">(a, b));
}
