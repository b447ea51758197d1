// SPDX-License-Identifier: BSL-1.0
// build error: an_optimizer_changes_its_model__this_one_is_const<const ashlar::nn::Linear<4, 3>
// max lines: 11
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

int main() {
    const nn::Linear<4, 3> model{ashlar::seed(0)};
    ashlar::optim::SGD sgd{model, {.lr = 0.1}};
}
