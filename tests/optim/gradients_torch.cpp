// SPDX-License-Identifier: BSL-1.0
// The gradients of the first step beside PyTorch.
#include "support/catch.hpp"

#include "support/training.hpp"

TEST_CASE("first gradients of a classifier", "[optim]") {
    namespace f = fixtures::training::classification;
    const support::classification problem;
    const auto gradients = ashlar::value_and_grad(problem.loss(), problem.model).gradients;
    support::weights_agree(gradients, f::grad_weight0, f::grad_bias0, f::grad_weight2, f::grad_bias2);
}

TEST_CASE("first gradients of a regression", "[optim]") {
    namespace f = fixtures::training::regression;
    const support::regression problem;
    const auto gradients = ashlar::value_and_grad(problem.loss(), problem.model).gradients;
    support::weights_agree(gradients, f::grad_weight0, f::grad_bias0, f::grad_weight2, f::grad_bias2);
}
