// SPDX-License-Identifier: BSL-1.0
// build error: grad_is_taken_for_a_named_leaf<.*Tensor<float, 3>
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    ashlar::Tensor<float, 3> a{};
    ashlar::Tensor<float, 3> b = grad(sum(tanh(a)), a);
}
