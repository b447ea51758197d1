// SPDX-License-Identifier: BSL-1.0
// Extents as arguments.
// build error: this_tensor_is_one_number__its_extents_are_template_arguments<int, int>
// max lines: 15
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;
using ashlar::Tensor;

int main() {
    Tensor<float> t(3, 4);
}
