// SPDX-License-Identifier: BSL-1.0
// The optimizer of a workspace has been refused: that is said once.
// build error: the_model_has_no_parameters
// max lines: 15
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;
using ashlar::Shape;
using ashlar::Tensor;

int main() {
    nn::Sequential<nn::ReLU, nn::Tanh> m;
    const Tensor<float, 3, 4> x{}, y{};
    ashlar::optim::SGD sgd{m, {.lr = 0.1}};
    ashlar::Workspace<decltype(sgd), nn::MSELoss<>, Shape<3, 4>, Shape<3, 4>> scratch;
    sgd.step(nn::MSELoss{}(m(x), y), scratch);
}
