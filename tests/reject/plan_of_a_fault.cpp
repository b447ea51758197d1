// SPDX-License-Identifier: BSL-1.0
// The plan of what does not fit adds nothing to the fault.
// build error: grad_is_taken_for_a_named_leaf
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    const ashlar::Tensor<float, 3> x{1, 2, 3};
    return plan(grad(sum(x * x), x)).empty();
}
