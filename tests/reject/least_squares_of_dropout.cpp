// SPDX-License-Identifier: BSL-1.0
// build error: least_squares_are_for_models_without_statistics_and_dropout<.*Dropout
// max lines: 12
#include <ashlar/ashlar.hpp>
#include <ashlar/optim/levenberg_marquardt.hpp>

int main() {
    [[maybe_unused]] const ashlar::Tensor<float, 4, 2> x{};
    [[maybe_unused]] const ashlar::Tensor<float, 4, 1> y{};
    [[maybe_unused]] ashlar::nn::Linear<2, 1> model{ashlar::seed(0)};
    ashlar::nn::Sequential<ashlar::nn::Linear<2, 1>, ashlar::nn::Dropout> drops{ashlar::seed(0)};
    ashlar::optim::LevenbergMarquardt fit{drops};
    fit.step(drops(x) - y);
}
