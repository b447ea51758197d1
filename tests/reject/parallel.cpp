// SPDX-License-Identifier: BSL-1.0
// build error: concat_shapes_differ_outside_the_axis<.*Shape<4, 5>, .*Shape<4, 6>, 0>
// max lines: 10
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

int main() {
    nn::Parallel<nn::join::concat<0>, nn::Linear<3, 5>, nn::Linear<3, 6>> model{ashlar::seed(0)};
    ashlar::Tensor<float, 4, 3> x{};
    const auto y = ashlar::eval(model(x));
}
