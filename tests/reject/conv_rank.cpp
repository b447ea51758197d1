// SPDX-License-Identifier: BSL-1.0
// build error: input_needs_the_axes_batch_channels_height_width<.*Conv2d<1, 6, 3.*>, .*Shape<2, 81>
// max lines: 10
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

int main() {
    nn::Conv2d<1, 6, 3> model{ashlar::seed(0)};
    ashlar::Tensor<float, 2, 81> x{};
    auto y = model(x);
}
