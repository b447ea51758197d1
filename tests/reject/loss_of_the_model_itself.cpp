// SPDX-License-Identifier: BSL-1.0
// build error: a_model_stands_where_its_result_is_expected__call_it<.*Linear<4, 3>
// max lines: 10
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

int main() {
    nn::Linear<4, 3> model{ashlar::seed(0)};
    ashlar::optim::SGD sgd{model, {.lr = 0.1}};
    ashlar::Tensor<float, 8, 4> x{};
    ashlar::Tensor<int, 8> y{};
    float value = sgd.step(nn::CrossEntropyLoss{}(model, y));
}
