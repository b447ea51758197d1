// SPDX-License-Identifier: BSL-1.0
// build error: a_sum_of_samples_has_a_weight_for_each_index<.*Shape<5, 3>.*Shape<5>
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    const ashlar::nn::EmbeddingBag<10, 4, ashlar::nn::mode::sum> bag{ashlar::seed(1)};
    ashlar::Tensor<int, 5, 3> x{};
    ashlar::Tensor<float, 5> weights{};
    ashlar::Tensor<float, 5, 4> y = bag(x, weights);
}
