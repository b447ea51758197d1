// SPDX-License-Identifier: BSL-1.0
// build error: a_sum_of_samples_has_a_weight_for_each_index<.*EmbeddingBag<10, 4.*Shape<5>, .*Shape<2>
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    const ashlar::nn::EmbeddingBag<10, 4, ashlar::nn::mode::sum> bag{ashlar::seed(1)};
    ashlar::Tensor<int, 5> x{};
    ashlar::Tensor<int, 2> offsets{};
    ashlar::Tensor<float, 2> weights{};
    ashlar::Tensor<float, 2, 4> y = bag(x, offsets, weights);
}
