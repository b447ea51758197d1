// SPDX-License-Identifier: BSL-1.0
// build error: assigned_element_type_differs_convert_with_to<double, float>
// max lines: 12
#include <ashlar/ashlar.hpp>

int main() {
    ashlar::Tensor<float, 3> x{1, 2, 3};
    ashlar::Tensor<double, 3> out;
    ashlar::evaluate(x + 1.0f, out);
}
