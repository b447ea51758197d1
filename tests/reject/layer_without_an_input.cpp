// SPDX-License-Identifier: BSL-1.0
// A layer called with nothing.
// build error: this_module_does_not_take_so_many_inputs<.*ReLU, 0>
// max lines: 15
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;
using ashlar::Tensor;

int main() {
    const nn::ReLU relu;
    relu();
}
