// SPDX-License-Identifier: BSL-1.0
// PyTorch's history_size is a number known while compiling here.
// build error: LBFGS_has_the_options_lr_max_iter_max_eval_tolerance_grad_and_change_line_search_fn
// build error: line_search_fn__history_size_is_a_tag<.*Linear<2, 1>
// max lines: 12
#include <ashlar/ashlar.hpp>
#include <ashlar/optim/lbfgs.hpp>

int main() {
    const ashlar::Tensor<float, 4, 2> x{};
    const ashlar::Tensor<float, 4, 1> y{};
    ashlar::nn::Linear<2, 1> model{ashlar::seed(0)};
    ashlar::optim::LBFGS lbfgs{model, {.lr = 1, .history_size = 10}};
    lbfgs.step(ashlar::nn::MSELoss{}(model(x), y));
}
