// SPDX-License-Identifier: BSL-1.0
// build error: checked_looks_at_the_loss_of_an_optimizer__least_squares_have_none
// max lines: 14
#include <ashlar/ashlar.hpp>
#include <ashlar/optim/checked.hpp>
#include <ashlar/optim/levenberg_marquardt.hpp>

int main() {
    [[maybe_unused]] const ashlar::Tensor<float, 4, 2> x{};
    [[maybe_unused]] const ashlar::Tensor<float, 4, 1> y{};
    [[maybe_unused]] ashlar::nn::Linear<2, 1> model{ashlar::seed(0)};
    ashlar::optim::LevenbergMarquardt fit{model};
    ashlar::optim::checked careful(fit);
    careful.step(model(x) - y);
}
