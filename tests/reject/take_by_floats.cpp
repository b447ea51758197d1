// SPDX-License-Identifier: BSL-1.0
// build error: an_index_is_a_tensor_of_int_or_int64<float>
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    ashlar::Tensor<float, 4, 3> a{};
    ashlar::Tensor<float, 5> index{};
    ashlar::Tensor<float, 5, 3> b = ashlar::take<0>(a, index);
}
