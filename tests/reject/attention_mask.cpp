// SPDX-License-Identifier: BSL-1.0
// build error: attention_needs_a_mask_that_broadcasts_to_batch_heads_and_scores<.*Shape<5, 5>.*Shape<2, 4, 7
#include <ashlar/ashlar.hpp>

int main() {
    ashlar::nn::MultiheadAttention<64, 4> attention;
    static ashlar::Tensor<float, 7, 2, 64> x;
    static ashlar::Tensor<bool, 5, 5> mask;
    auto y = attention(x, x, x, mask);
}
