// SPDX-License-Identifier: BSL-1.0
// build error: assigned_element_type_differs_convert_with_to<int, float>
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    ashlar::Tensor<int, 6, 4> a{};
    ashlar::Tensor<float, 3, 4> b{};
    ashlar::slice<0, 2, 5>(a) = b * 2.f;
}
