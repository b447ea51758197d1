// SPDX-License-Identifier: BSL-1.0
// build error: an_embedding_is_looked_up_by_int_or_int64<.*Embedding<10, 4>.*float
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    ashlar::nn::Sequential<ashlar::nn::Embedding<10, 4>, ashlar::nn::Flatten> model{ashlar::seed(1)};
    ashlar::Tensor<float, 5, 3> x{};
    ashlar::Tensor<float, 5, 12> y = model(x);
}
