// SPDX-License-Identifier: BSL-1.0
// build error: value_and_grad_advances_the_buffers_of_its_model__this_one_is_const<
// max lines: 12
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

int main() {
    const nn::Sequential<nn::Linear<3, 4>, nn::BatchNorm1d<4>> model{ashlar::seed(0)};
    ashlar::Tensor<float, 2, 3> x{};
    const auto gradients = value_and_grad(sum(model(x)), model);
}
