// SPDX-License-Identifier: BSL-1.0
// A stranger's program: one inference with a network whose weights are set by hand.
#include <ashlar/ashlar.hpp>

int main() {
    ashlar::nn::Linear<2, 1> layer{};
    layer.weight = ashlar::Tensor<float, 1, 2>{{2, 3}};
    layer.bias = ashlar::Tensor<float, 1>{1};
    const ashlar::Tensor<float, 2> x{10, 100};
    const ashlar::Tensor<float, 1> y = layer(x);
    return y(0) == 321 ? 0 : 1;
}
