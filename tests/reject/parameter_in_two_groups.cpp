// SPDX-License-Identifier: BSL-1.0
// build error: two_groups_have_the_parameter<.*2.bias
#include <ashlar/ashlar.hpp>
#include <ashlar/optim/transform.hpp>

namespace nn = ashlar::nn;
namespace optim = ashlar::optim;

int main() {
    nn::Sequential<nn::Linear<4, 8>, nn::ReLU, nn::Linear<8, 2>> model{ashlar::seed(1)};
    optim::SGD sgd{model, {.lr = 0.1}, optim::group<"2.bias">({.lr = 0.01}), optim::group<"2">({.lr = 0.02})};
}
