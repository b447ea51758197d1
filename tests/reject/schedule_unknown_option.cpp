// SPDX-License-Identifier: BSL-1.0
// An option that a schedule does not have.
// build error: CosineAnnealingLR
// max lines: 25
#include <ashlar/ashlar.hpp>
#include <ashlar/optim/schedule.hpp>
namespace nn = ashlar::nn;

int main() {
    nn::Linear<4, 3> model{ashlar::seed(0)};
    ashlar::optim::SGD sgd{model, {.lr = 0.1}};
    ashlar::optim::CosineAnnealingLR schedule{sgd, {.t_max = 30}};
}
