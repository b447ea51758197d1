// SPDX-License-Identifier: BSL-1.0
// The sum of whole numbers is int64: as int it has to be asked for, with to<int>.
// build error: assigned_element_type_differs_convert_with_to<int, long
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    const ashlar::Tensor<int, 3> i{1, 2, 3};
    ashlar::Tensor<int> s = sum(i);
    return s;
}
