// SPDX-License-Identifier: BSL-1.0
// build error: attention_needs_queries_keys_and_values_that_fit<.*Shape<7, 8>.*Shape<5, 8>.*Shape<6, 8>
#include <ashlar/ashlar.hpp>

int main() {
    static ashlar::Tensor<float, 7, 8> q;
    static ashlar::Tensor<float, 5, 8> k;
    static ashlar::Tensor<float, 6, 8> v;
    auto y = ashlar::scaled_dot_product_attention(q, k, v);
}
