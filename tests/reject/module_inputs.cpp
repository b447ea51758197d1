// SPDX-License-Identifier: BSL-1.0
// A layer of one input gets two.
// build error: this_module_does_not_take_so_many_inputs<.*Linear<3, 2>, 2
// max lines: 14
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;
using ashlar::Tensor;

int main() {
    nn::Sequential<nn::Linear<3, 2>, nn::ReLU> model{ashlar::seed(0)};
    Tensor<float, 5, 3> a{};
    Tensor<float, 5, 2> b = model(a, a);
}
