// SPDX-License-Identifier: BSL-1.0
// build error: upsample_does_not_take_all_of_its_options<.*Upsample<2.*align_corners
// max lines: 10
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

int main() {
    ashlar::Tensor<float, 2, 4, 7> x{};
    auto y = nn::Upsample<2, nn::mode::nearest, nn::align_corners>{}(x);
}
