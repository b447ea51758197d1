// SPDX-License-Identifier: BSL-1.0
// build error: an_optimizer_refers_to_its_model__a_temporary_is_gone_before_it_is_trained<.*Linear<2, 1>
// max lines: 15
#include <ashlar/ashlar.hpp>
#include <ashlar/optim/lbfgs.hpp>

int main() {
    ashlar::optim::LBFGS lbfgs{ashlar::nn::Linear<2, 1>{ashlar::seed(0)}, {.lr = 1}, ashlar::optim::history_size<3>};
}
