// SPDX-License-Identifier: BSL-1.0
// Are they added, or do they say where? Neither is guessed.
// build error: a_mask_of_attention_is_of_bool_or_of_floating_numbers<int>
#include <ashlar/ashlar.hpp>

int main() {
    ashlar::nn::MultiheadAttention<6, 2> attention;
    static ashlar::Tensor<float, 4, 3, 6> x;
    static ashlar::Tensor<int, 4, 4> mask;
    auto y = attention(x, x, x, mask);
}
