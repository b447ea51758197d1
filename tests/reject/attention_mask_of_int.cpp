// SPDX-License-Identifier: BSL-1.0
// Are they added, or do they say where? Neither is guessed.
// build error: a_mask_of_attention_is_of_bool_or_of_floating_numbers<int>
#include <ashlar/ashlar.hpp>

int main() {
    static ashlar::Tensor<float, 4, 6> x;
    static ashlar::Tensor<int, 4, 4> mask;
    auto y = ashlar::scaled_dot_product_attention(x, x, x, mask);
}
