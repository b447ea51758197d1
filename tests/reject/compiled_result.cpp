// SPDX-License-Identifier: BSL-1.0
// The result of a model is compiled, not the model.
// build error: compile_takes_a_model__not_its_result
// max lines: 15
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;
using ashlar::Tensor;
using Model = nn::Sequential<nn::Linear<4, 8>, nn::ReLU, nn::Linear<8, 2>>;

int main() {
    Model m{ashlar::seed(0)};
    const Tensor<float, 3, 4> x{};
    auto fast = ashlar::compile(m(x));
}
