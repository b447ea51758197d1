// SPDX-License-Identifier: BSL-1.0
// An option that another optimizer has.
// build error: RMSprop_has_the_options_lr_alpha_eps_weight_decay_momentum_centered_maximize
// max lines: 15
#include <ashlar/ashlar.hpp>
#include <ashlar/optim/rmsprop.hpp>
namespace nn = ashlar::nn;

int main() {
    nn::Linear<4, 3> model{ashlar::seed(0)};
    ashlar::optim::RMSprop rmsprop{model, {.lr = 0.1, .nesterov = true}};
}
