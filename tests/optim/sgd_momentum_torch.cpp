// SPDX-License-Identifier: BSL-1.0
// labels: slow
// Twenty steps of SGD with momentum from the same weights beside PyTorch.
#include "support/catch.hpp"

#include "support/training.hpp"

namespace optim = ashlar::optim;

TEST_CASE("momentum on a classifier", "[optim]") {
    namespace f = fixtures::training::classification::sgd_momentum;
    support::classification problem;
    optim::SGD optimizer{problem.model, {.lr = f::lr, .momentum = f::momentum}};
    support::losses_agree(problem, optimizer, f::losses, f::final_loss);
    support::weights_agree(problem.model, f::final_weight0, f::final_bias0, f::final_weight2, f::final_bias2);
}

TEST_CASE("Nesterov and weight decay on a classifier", "[optim]") {
    namespace f = fixtures::training::classification::sgd_nesterov_decay;
    support::classification problem;
    optim::SGD optimizer{
        problem.model,
        {.lr = f::lr, .momentum = f::momentum, .weight_decay = f::weight_decay, .nesterov = f::nesterov}};
    support::losses_agree(problem, optimizer, f::losses, f::final_loss);
    support::weights_agree(problem.model, f::final_weight0, f::final_bias0, f::final_weight2, f::final_bias2);
}

TEST_CASE("dampening on a classifier", "[optim]") {
    namespace f = fixtures::training::classification::sgd_dampening;
    support::classification problem;
    optim::SGD optimizer{problem.model, {.lr = f::lr, .momentum = f::momentum, .dampening = f::dampening}};
    support::losses_agree(problem, optimizer, f::losses, f::final_loss);
    support::weights_agree(problem.model, f::final_weight0, f::final_bias0, f::final_weight2, f::final_bias2);
}

TEST_CASE("momentum on a regression", "[optim]") {
    namespace f = fixtures::training::regression::sgd_momentum;
    support::regression problem;
    optim::SGD optimizer{problem.model, {.lr = f::lr, .momentum = f::momentum}};
    support::losses_agree(problem, optimizer, f::losses, f::final_loss);
    support::weights_agree(problem.model, f::final_weight0, f::final_bias0, f::final_weight2, f::final_bias2);
}

TEST_CASE("Nesterov and weight decay on a regression", "[optim]") {
    namespace f = fixtures::training::regression::sgd_nesterov_decay;
    support::regression problem;
    optim::SGD optimizer{
        problem.model,
        {.lr = f::lr, .momentum = f::momentum, .weight_decay = f::weight_decay, .nesterov = f::nesterov}};
    support::losses_agree(problem, optimizer, f::losses, f::final_loss);
    support::weights_agree(problem.model, f::final_weight0, f::final_bias0, f::final_weight2, f::final_bias2);
}

TEST_CASE("dampening on a regression", "[optim]") {
    namespace f = fixtures::training::regression::sgd_dampening;
    support::regression problem;
    optim::SGD optimizer{problem.model, {.lr = f::lr, .momentum = f::momentum, .dampening = f::dampening}};
    support::losses_agree(problem, optimizer, f::losses, f::final_loss);
    support::weights_agree(problem.model, f::final_weight0, f::final_bias0, f::final_weight2, f::final_bias2);
}
