// SPDX-License-Identifier: BSL-1.0
// build error: grad_for_a_leaf_that_does_not_occur<.*"z"
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    ashlar::Tensor<float, 3> a{};
    auto x = ashlar::variable<"x">(a);
    auto z = ashlar::variable<"z">(a);
    ashlar::Tensor<float, 3> b = grad(sum(tanh(x)), z);
}
