// SPDX-License-Identifier: BSL-1.0
// build error: attention_needs_query_key_and_value_that_fit<.*MultiheadAttention<64, 4>.*Shape<7, 2, 64>.*Shape<5, 2
#include <ashlar/ashlar.hpp>

int main() {
    ashlar::nn::MultiheadAttention<64, 4> attention;
    static ashlar::Tensor<float, 7, 2, 64> query;
    static ashlar::Tensor<float, 5, 2, 32> key;
    auto y = attention(query, key, key);
}
