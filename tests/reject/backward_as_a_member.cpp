// SPDX-License-Identifier: BSL-1.0
// PyTorch's loss.backward().
// build error: backward
// max lines: 15
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;
using ashlar::Tensor;
using Model = nn::Sequential<nn::Linear<4, 8>, nn::ReLU, nn::Linear<8, 2>>;

int main() {
    Model m{ashlar::seed(0)};
    const Tensor<float, 3, 4> x{};
    const Tensor<float, 3, 2> y{};
    auto loss = nn::MSELoss{}(m(x), y);
    loss.backward();
}
