// SPDX-License-Identifier: BSL-1.0
// Layers as objects.
// build error: the_layers_of_a_Sequential_are_its_template_arguments
// max lines: 15
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;
using ashlar::Tensor;

int main() {
    nn::Sequential model{nn::Linear<4, 8>{}, nn::ReLU{}};
}
