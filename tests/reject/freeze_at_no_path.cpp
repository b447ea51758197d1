// SPDX-License-Identifier: BSL-1.0
// A path that the model does not have: the message has those that it has.
// build error: the_model_has_no_parameters_at_the_path<.*1.*0.weight, 0.bias, 2.weight, 2.bias
#include <ashlar/ashlar.hpp>
#include <ashlar/optim/transform.hpp>

namespace nn = ashlar::nn;
namespace optim = ashlar::optim;

int main() {
    nn::Sequential<nn::Linear<4, 8>, nn::ReLU, nn::Linear<8, 2>> model{ashlar::seed(1)};
    optim::SGD sgd{model, {.lr = 0.1}, optim::freeze<"1">};
}
