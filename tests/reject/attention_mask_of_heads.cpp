// SPDX-License-Identifier: BSL-1.0
// A mask for each head of each example, of other places than the scores have.
// build error: attention_needs_a_mask_that_broadcasts_to_batch_heads_and_scores<.*Shape<6, 2, 2>
#include <ashlar/ashlar.hpp>

int main() {
    ashlar::nn::MultiheadAttention<6, 2> attention;
    static ashlar::Tensor<float, 4, 3, 6> x;
    static ashlar::Tensor<float, 6, 2, 2> mask;
    auto y = attention(x, x, x, mask);
}
