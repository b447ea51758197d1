// SPDX-License-Identifier: BSL-1.0
// build error: assigned_element_type_differs_convert_with_to
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    ashlar::Tensor<int, 3> x{};
    x *= 0.5;
}
