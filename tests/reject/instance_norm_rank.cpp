// SPDX-License-Identifier: BSL-1.0
// build error: input_needs_the_axes_batch_and_channels<.*InstanceNorm3d<2, .*track_running_stats>, .*Shape<2, 3, 4>
// max lines: 10
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

int main() {
    ashlar::Tensor<float, 2, 3, 4> x{};
    nn::InstanceNorm3d<2, nn::track_running_stats> norm;
    ashlar::Tensor<float, 2, 3, 4> y = norm(x);
}
