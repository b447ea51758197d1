// SPDX-License-Identifier: BSL-1.0
// build error: LevenbergMarquardt_has_the_options_damping_up_down_max_trials
// max lines: 12
#include <ashlar/ashlar.hpp>
#include <ashlar/optim/levenberg_marquardt.hpp>

int main() {
    [[maybe_unused]] const ashlar::Tensor<float, 4, 2> x{};
    [[maybe_unused]] const ashlar::Tensor<float, 4, 1> y{};
    [[maybe_unused]] ashlar::nn::Linear<2, 1> model{ashlar::seed(0)};
    ashlar::optim::LevenbergMarquardt fit{model, {.lr = 1}};
}
