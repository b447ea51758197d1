// SPDX-License-Identifier: BSL-1.0
// build error: the_options_of_an_optimizer_stand_in_braces_by_name<double>
// max lines: 11
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

int main() {
    nn::Linear<4, 3> model{ashlar::seed(0)};
    ashlar::optim::SGD sgd{model, 0.1};
}
