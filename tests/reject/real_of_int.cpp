// SPDX-License-Identifier: BSL-1.0
// build error: nn::real is the type of a layer's parameters: nn::real<float> or nn::real<double>
// max lines: 20
#include <ashlar/ashlar.hpp>

int main() {
    ashlar::nn::Linear<4, 8, ashlar::nn::real<int>> layer;
    static_cast<void>(layer);
}
