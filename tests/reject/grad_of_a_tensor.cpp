// SPDX-License-Identifier: BSL-1.0
// build error: grad_needs_a_scalar_expression<.*Shape<3>
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    ashlar::Tensor<float, 3> a{};
    auto x = ashlar::variable<"x">(a);
    ashlar::Tensor<float, 3> b = grad(tanh(x), x);
}
