// SPDX-License-Identifier: BSL-1.0
// build error: einsum_has_subscripts_for_another_number_of_operands<1, 2>
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    const ashlar::Tensor<float, 4, 3> a{};
    const ashlar::Tensor<float, 2, 5> b{};
    const auto c = ashlar::eval(ashlar::einsum<"ij->ij">(a, b));
}
