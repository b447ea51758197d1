// SPDX-License-Identifier: BSL-1.0
// A model called with a container.
// build error: a_module_takes_tensors_and_expressions__not<.*vector
// max lines: 15
#include <ashlar/ashlar.hpp>
#include <vector>
namespace nn = ashlar::nn;
using ashlar::Tensor;
using Model = nn::Sequential<nn::Linear<4, 8>, nn::ReLU, nn::Linear<8, 2>>;

int main() {
    Model m{ashlar::seed(0)};
    const std::vector<float> v(12);
    m(v);
}
