// SPDX-License-Identifier: BSL-1.0
// A loss is an object; here are the arguments of its call.
// build error: an_option_is_a_number__a_loss_is_called_after_its_own_braces
// max lines: 15
// max lines clang: 17
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;
using ashlar::Tensor;
using Model = nn::Sequential<nn::Linear<4, 8>, nn::ReLU, nn::Linear<8, 2>>;

int main() {
    Model m{ashlar::seed(0)};
    const Tensor<float, 3, 4> x{};
    const Tensor<int, 3> labels{};
    auto loss = nn::CrossEntropyLoss(m(x), labels);
}
