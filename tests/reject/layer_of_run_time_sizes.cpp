// SPDX-License-Identifier: BSL-1.0
// PyTorch's Linear(4, 8).
// build error: the_sizes_of_a_layer_are_its_template_arguments__as_in_Linear_4_8
// max lines: 15
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;
using ashlar::Tensor;

int main() {
    nn::Linear layer(4, 8);
}
