// SPDX-License-Identifier: BSL-1.0
// An option that another optimizer has.
// build error: Adam_has_the_options_lr_betas_eps_weight_decay
// max lines: 15
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;
using ashlar::Tensor;
using Model = nn::Sequential<nn::Linear<4, 8>, nn::ReLU, nn::Linear<8, 2>>;

int main() {
    Model m{ashlar::seed(0)};
    ashlar::optim::Adam adam{m, {.lr = 0.1, .momentum = 0.9}};
}
