// SPDX-License-Identifier: BSL-1.0
// build error: an_optimizer_refers_to_its_model__a_temporary_is_gone_before_it_is_trained<.*Linear<4, 3>
// max lines: 11
#include <ashlar/ashlar.hpp>
#include <ashlar/optim/adamw.hpp>
namespace nn = ashlar::nn;

int main() {
    ashlar::optim::AdamW adam{nn::Linear<4, 3>{ashlar::seed(0)}, {.lr = 0.1, .amsgrad = true}};
}
