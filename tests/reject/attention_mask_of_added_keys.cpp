// SPDX-License-Identifier: BSL-1.0
// A mask has no element for the key that the layer adds.
// build error: attention_needs_a_mask_that_broadcasts_to_batch_heads_and_scores<.*Shape<5, 6>.*Shape<3, 2, 5, 5>
// max lines: 10
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

int main() {
    const nn::MultiheadAttention<4, 2, nn::add_bias_kv> attention{ashlar::seed(0)};
    const ashlar::Tensor<float, 5, 3, 4> x{};
    const ashlar::Tensor<bool, 5, 6> mask{};
    const ashlar::Tensor<float, 5, 3, 4> y = attention(x, x, x, mask);
}
