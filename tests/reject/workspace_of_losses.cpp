// SPDX-License-Identifier: BSL-1.0
// The criterion of a workspace gives no single number.
// build error: the_loss_has_to_be_a_scalar
// max lines: 15
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;
using ashlar::Shape;
using ashlar::Tensor;
using Model = nn::Sequential<nn::Linear<4, 8>, nn::ReLU, nn::Linear<8, 2>>;

int main() {
    Model m{ashlar::seed(0)};
    const Tensor<float, 3, 4> x{};
    const Tensor<float, 3, 2> y{};
    ashlar::optim::SGD sgd{m, {.lr = 0.1}};
    ashlar::Workspace<decltype(sgd), nn::MSELoss<nn::reduction::none>, Shape<3, 4>, Shape<3, 2>> scratch;
    sgd.step(nn::MSELoss{}(m(x), y), scratch);
}
