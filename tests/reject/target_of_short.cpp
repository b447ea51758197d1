// SPDX-License-Identifier: BSL-1.0
// g++ takes a variable of an impossible type for an int, and once had 322 lines to say about what is done with it.
// build error: the elements of a Tensor are float, double, int
// max lines: 10
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

int main() {
    nn::Linear<4, 3> model{ashlar::seed(0)};
    ashlar::optim::SGD sgd{model, {.lr = 0.1}};
    ashlar::Tensor<float, 8, 4> x{};
    ashlar::Tensor<short, 8> y{};
    for (auto& label : y) label = 1;
    float value = sgd.step(nn::CrossEntropyLoss{}(model(x), y));
}
