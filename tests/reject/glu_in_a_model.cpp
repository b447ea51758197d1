// SPDX-License-Identifier: BSL-1.0
// build error: two_halves_need_an_axis_of_even_extent<.*Shape<2, 5>, 1>
// max lines: 10
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

int main() {
    nn::Sequential<nn::Linear<4, 5>, nn::SwiGLU<1>> model{ashlar::seed(0)};
    ashlar::Tensor<float, 2, 4> x{};
    auto y = model(x);
}
