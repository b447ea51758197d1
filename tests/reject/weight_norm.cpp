// SPDX-License-Identifier: BSL-1.0
// build error: nn::weight_norm takes a Linear or a convolution
// max lines: 22
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

int main() {
    nn::weight_norm<nn::ReLU> layer;
    static_cast<void>(layer);
}
