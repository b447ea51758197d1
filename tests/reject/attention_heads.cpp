// SPDX-License-Identifier: BSL-1.0
// build error: the_width_of_an_attention_is_no_multiple_of_its_heads<10, 4>
#include <ashlar/ashlar.hpp>

int main() {
    ashlar::nn::MultiheadAttention<10, 4> attention;
    static ashlar::Tensor<float, 7, 10> x;
    auto y = attention(x);
}
