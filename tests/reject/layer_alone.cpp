// SPDX-License-Identifier: BSL-1.0
// build error: input_features_differ<.*Linear<4, 12>, 4, .*Shape<8, 5>
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    ashlar::nn::Linear<4, 12> layer{ashlar::seed(0)};
    ashlar::Tensor<float, 8, 5> x{};
    ashlar::Tensor<float, 8, 12> y = layer(x);
}
