// SPDX-License-Identifier: BSL-1.0
// build error: a_module_takes_tensors_and_expressions__not<.*vector<int
// max lines: 10
#include <ashlar/ashlar.hpp>

#include <vector>
namespace nn = ashlar::nn;

int main() {
    nn::Linear<4, 3> model{ashlar::seed(0)};
    ashlar::optim::SGD sgd{model, {.lr = 0.1}};
    ashlar::Tensor<float, 8, 4> x{};
    std::vector<int> y(8);
    float value = sgd.step(nn::CrossEntropyLoss{}(model(x), y));
}
