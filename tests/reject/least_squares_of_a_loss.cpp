// SPDX-License-Identifier: BSL-1.0
// A loss in place of the residuals.
// build error: least_squares_take_the_residuals_themselves__model_of_x_minus_y__not_one_number
// max lines: 12
#include <ashlar/ashlar.hpp>
#include <ashlar/optim/gauss_newton.hpp>

int main() {
    [[maybe_unused]] const ashlar::Tensor<float, 4, 2> x{};
    [[maybe_unused]] const ashlar::Tensor<float, 4, 1> y{};
    [[maybe_unused]] ashlar::nn::Linear<2, 1> model{ashlar::seed(0)};
    ashlar::optim::GaussNewton fit{model};
    fit.step(ashlar::nn::MSELoss{}(model(x), y));
}
