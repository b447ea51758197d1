// SPDX-License-Identifier: BSL-1.0
// build error: an_index_is_a_tensor_of_int_or_int64<float>
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    ashlar::Tensor<float, 4> labels{};
    ashlar::Tensor<std::int64_t, 4, 3> y = ashlar::one_hot<3>(labels);
}
