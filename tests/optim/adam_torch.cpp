// SPDX-License-Identifier: BSL-1.0
// labels: slow
// Twenty steps of Adam from the same weights beside PyTorch.
#include "support/catch.hpp"

#include "support/training.hpp"

namespace optim = ashlar::optim;

TEST_CASE("Adam on a classifier", "[optim]") {
    namespace f = fixtures::training::classification::adam;
    support::classification problem;
    optim::Adam optimizer{problem.model, {.lr = f::lr}};
    support::losses_agree(problem, optimizer, f::losses, f::final_loss);
    support::weights_agree(problem.model, f::final_weight0, f::final_bias0, f::final_weight2, f::final_bias2);
}

TEST_CASE("Adam with other betas and weight decay on a classifier", "[optim]") {
    namespace f = fixtures::training::classification::adam_decay;
    support::classification problem;
    optim::Adam optimizer{problem.model,
                          {.lr = f::lr, .betas = {f::betas[0], f::betas[1]}, .weight_decay = f::weight_decay}};
    support::losses_agree(problem, optimizer, f::losses, f::final_loss);
    support::weights_agree(problem.model, f::final_weight0, f::final_bias0, f::final_weight2, f::final_bias2);
}

TEST_CASE("Adam on a regression", "[optim]") {
    namespace f = fixtures::training::regression::adam;
    support::regression problem;
    optim::Adam optimizer{problem.model, {.lr = f::lr}};
    support::losses_agree(problem, optimizer, f::losses, f::final_loss);
    support::weights_agree(problem.model, f::final_weight0, f::final_bias0, f::final_weight2, f::final_bias2);
}

TEST_CASE("Adam with other betas and weight decay on a regression", "[optim]") {
    namespace f = fixtures::training::regression::adam_decay;
    support::regression problem;
    optim::Adam optimizer{problem.model,
                          {.lr = f::lr, .betas = {f::betas[0], f::betas[1]}, .weight_decay = f::weight_decay}};
    support::losses_agree(problem, optimizer, f::losses, f::final_loss);
    support::weights_agree(problem.model, f::final_weight0, f::final_bias0, f::final_weight2, f::final_bias2);
}
