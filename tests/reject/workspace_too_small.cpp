// SPDX-License-Identifier: BSL-1.0
// A step in memory for a smaller batch.
// build error: the_workspace_has_fewer_bytes_than_this_step_needs
// max lines: 15
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;
using ashlar::Shape;
using ashlar::Tensor;
using Model = nn::Sequential<nn::Linear<4, 80>, nn::ReLU, nn::Linear<80, 2>>;

int main() {
    Model m{ashlar::seed(0)};
    const Tensor<float, 32, 4> x{};
    const Tensor<float, 32, 2> y{};
    ashlar::optim::SGD sgd{m, {.lr = 0.1}};
    ashlar::Workspace<decltype(sgd), nn::MSELoss<>, Shape<31, 4>, Shape<31, 2>> scratch;
    sgd.step(nn::MSELoss{}(m(x), y), scratch);
}
