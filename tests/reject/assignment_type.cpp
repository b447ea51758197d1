// SPDX-License-Identifier: BSL-1.0
// build error: assigned_element_type_differs_convert_with_to<float, double>
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    const ashlar::Tensor<double, 3> x{};
    ashlar::Tensor<float, 3> y = x + 1;
}
