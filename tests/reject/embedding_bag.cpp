// SPDX-License-Identifier: BSL-1.0
// build error: an_embedding_bag_takes_a_row_of_indices_for_each_bag<.*EmbeddingBag<10, 4>.*Shape<5>
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    const ashlar::nn::EmbeddingBag<10, 4> bag{ashlar::seed(1)};
    ashlar::Tensor<int, 5> x{};
    ashlar::Tensor<float, 5, 4> y = bag(x);
}
