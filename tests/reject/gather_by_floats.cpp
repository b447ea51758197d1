// SPDX-License-Identifier: BSL-1.0
// build error: an_index_is_a_tensor_of_int_or_int64<float>
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    ashlar::Tensor<float, 4, 3> a{}, index{};
    ashlar::Tensor<float, 4, 3> b = ashlar::gather<1>(a, index);
}
