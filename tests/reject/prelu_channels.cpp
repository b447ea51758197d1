// SPDX-License-Identifier: BSL-1.0
// build error: input_channels_differ<.*PReLU<4>, 4, .*Shape<2, 3, 9>
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    ashlar::nn::PReLU<4> layer;
    ashlar::Tensor<float, 2, 3, 9> x{};
    auto y = layer(x);
}
