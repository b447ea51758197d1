// SPDX-License-Identifier: BSL-1.0
// build error: channels_are_dropped_of_a_batch_or_of_one_example<.*Dropout2d, .*Shape<4, 5>
// max lines: 10
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

int main() {
    nn::Dropout2d layer;
    ashlar::Tensor<float, 4, 5> x{};
    ashlar::Tensor<float, 4, 5> y = layer(x);
}
