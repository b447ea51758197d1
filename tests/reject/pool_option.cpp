// SPDX-License-Identifier: BSL-1.0
// build error: pool_does_not_take_all_of_its_options<.*MaxPool2d<2, .*count_include_pad<false> ?>
// max lines: 10
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

int main() {
    ashlar::Tensor<float, 2, 1, 4, 4> x{};
    ashlar::Tensor<float, 2, 1, 2, 2> y = nn::MaxPool2d<2, nn::count_include_pad<false>>{}(x);
}
