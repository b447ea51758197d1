// SPDX-License-Identifier: BSL-1.0
// build error: the_loss_is_no_expression<.*Linear<4, 3>
// max lines: 11
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

int main() {
    nn::Linear<4, 3> model{ashlar::seed(0)};
    ashlar::optim::SGD sgd{model, {.lr = 0.1}};
    sgd.step(model);
}
