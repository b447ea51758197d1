// SPDX-License-Identifier: BSL-1.0
// A model called with nothing.
// build error: this_module_does_not_take_so_many_inputs<.*, 0>
// max lines: 15
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;
using ashlar::Tensor;
using Model = nn::Sequential<nn::Linear<4, 8>, nn::ReLU, nn::Linear<8, 2>>;

int main() {
    Model m{ashlar::seed(0)};
    m();
}
