// SPDX-License-Identifier: BSL-1.0
// build error: input_needs_the_axes_batch_channels_and_more<.*LocalResponseNorm<3>, .*Shape<5, 3>
// max lines: 10
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

int main() {
    ashlar::Tensor<float, 5, 3> x{};
    ashlar::Tensor<float, 5, 3> y = nn::LocalResponseNorm<3>{}(x);
}
