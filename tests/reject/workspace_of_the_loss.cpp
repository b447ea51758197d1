// SPDX-License-Identifier: BSL-1.0
// A step in memory for the evaluation of its loss.
// build error: the_workspace_is_not_of_this_optimizer
// max lines: 15
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;
using ashlar::Tensor;
using Model = nn::Sequential<nn::Linear<4, 8>, nn::ReLU, nn::Linear<8, 2>>;

int main() {
    Model m{ashlar::seed(0)};
    const Tensor<float, 3, 4> x{};
    const Tensor<float, 3, 2> y{};
    ashlar::optim::SGD sgd{m, {.lr = 0.1}};
    const auto loss = nn::MSELoss{}(m(x), y);
    ashlar::Workspace<decltype(loss)> scratch;
    sgd.step(loss, scratch);
}
