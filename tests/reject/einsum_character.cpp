// SPDX-License-Identifier: BSL-1.0
// build error: einsum_takes_letters_commas_an_arrow_and_an_ellipsis<'1'>
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    const ashlar::Tensor<float, 4, 3> a{};
    const ashlar::Tensor<float, 2, 5> b{};
    const auto c = ashlar::eval(ashlar::einsum<"i1,kl->i">(a, b));
}
