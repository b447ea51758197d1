// SPDX-License-Identifier: BSL-1.0
// build error: einsum_letter_has_two_extents<'j', 3, 2>
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    const ashlar::Tensor<float, 4, 3> a{};
    const ashlar::Tensor<float, 2, 5> b{};
    const auto c = ashlar::eval(ashlar::einsum<"ij,jk->ik">(a, b));
}
