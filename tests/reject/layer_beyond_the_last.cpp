// SPDX-License-Identifier: BSL-1.0
// A layer that is not there.
// build error: deleted
// build error: there_are_only_so_many_layers<
// max lines: 15
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;
using ashlar::Tensor;
using Model = nn::Sequential<nn::Linear<4, 8>, nn::ReLU, nn::Linear<8, 2>>;

int main() {
    Model m{ashlar::seed(0)};
    auto& w = m.get<3>().weight;
}
