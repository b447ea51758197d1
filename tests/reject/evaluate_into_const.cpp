// SPDX-License-Identifier: BSL-1.0
// build error: evaluate_cannot_write_into<const .*Tensor<float, 3>
// max lines: 12
#include <ashlar/ashlar.hpp>

int main() {
    ashlar::Tensor<float, 3> x{1, 2, 3};
    const ashlar::Tensor<float, 3> out{};
    ashlar::Workspace<decltype(x + 1.0f)> scratch;
    ashlar::evaluate(x + 1.0f, out, scratch);
}
