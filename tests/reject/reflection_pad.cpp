// SPDX-License-Identifier: BSL-1.0
// build error: pad_takes_more_than_there_is<.*Shape<1, 2, 3>.*3, 1>
// max lines: 10
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

int main() {
    nn::Sequential<nn::ReflectionPad1d<3, 1>, nn::Flatten> model{ashlar::seed(0)};
    ashlar::Tensor<float, 1, 2, 3> x{};
    const auto y = ashlar::eval(model(x));
}
