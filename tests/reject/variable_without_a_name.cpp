// SPDX-License-Identifier: BSL-1.0
// A leaf without a name.
// build error: a_variable_has_a_name__as_in_variable_x_in_angles_and_quotes
// max lines: 15
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;
using ashlar::Tensor;

int main() {
    const Tensor<float, 2, 3> a{};
    auto leaf = ashlar::variable(a);
}
