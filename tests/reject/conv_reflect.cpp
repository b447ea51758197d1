// SPDX-License-Identifier: BSL-1.0
// build error: pad_takes_more_than_there_is<.*Shape<2, 1, 9, 3>, 3, 3, 1, 1>
// max lines: 10
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

int main() {
    nn::Conv2d<1, 6, 3, nn::padding<1, 3>, nn::padding_mode::reflect> model{ashlar::seed(0)};
    ashlar::Tensor<float, 2, 1, 9, 3> x{};
    auto y = model(x);
}
