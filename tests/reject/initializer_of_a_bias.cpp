// SPDX-License-Identifier: BSL-1.0
// build error: this_initializer_needs_a_weight_of_two_axes_or_more<.*Shape<4>
// max lines: 10
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

int main() {
    nn::Linear<3, 4> layer;
    ashlar::generator random{ashlar::seed(1)};
    nn::init::xavier_normal(layer.bias, random);
}
