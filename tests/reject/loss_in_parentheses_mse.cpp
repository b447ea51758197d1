// SPDX-License-Identifier: BSL-1.0
// A loss is an object; here are the arguments of its call.
// build error: a_loss_is_an_object__write_criterion_braces_and_then_its_call
// max lines: 15
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;
using ashlar::Tensor;
using Model = nn::Sequential<nn::Linear<4, 8>, nn::ReLU, nn::Linear<8, 2>>;

int main() {
    Model m{ashlar::seed(0)};
    const Tensor<float, 3, 4> x{};
    const Tensor<float, 3, 2> y{};
    auto loss = nn::MSELoss(m(x), y);  // and so is MSELoss{"sum"}, for MSELoss<nn::reduction::sum>{}
}
