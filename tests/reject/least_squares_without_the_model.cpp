// SPDX-License-Identifier: BSL-1.0
// build error: the_loss_does_not_call_the_model|leaves_and_tensors_are_constants
// max lines: 12
#include <ashlar/ashlar.hpp>
#include <ashlar/optim/gauss_newton.hpp>

int main() {
    [[maybe_unused]] const ashlar::Tensor<float, 4, 2> x{};
    [[maybe_unused]] const ashlar::Tensor<float, 4, 1> y{};
    [[maybe_unused]] ashlar::nn::Linear<2, 1> model{ashlar::seed(0)};
    ashlar::optim::GaussNewton fit{model};
    fit.step(x - 1.0f);
}
