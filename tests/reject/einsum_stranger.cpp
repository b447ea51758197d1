// SPDX-License-Identifier: BSL-1.0
// build error: einsum_result_has_a_letter_of_no_operand<'z'>
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    const ashlar::Tensor<float, 4, 3> a{};
    const ashlar::Tensor<float, 2, 5> b{};
    const auto c = ashlar::eval(ashlar::einsum<"ij,kl->iz">(a, b));
}
