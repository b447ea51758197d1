// SPDX-License-Identifier: BSL-1.0
// Twenty steps of Adam from the same weights beside PyTorch.
#include "support/catch.hpp"

#include "fixtures/training.hpp"
#include "support/training.hpp"

namespace optim = ashlar::optim;

TEST_CASE("Adam on a classifier", "[optim]") {
    namespace f = fixtures::training::classification::adam;
    support::classifier model;
    optim::Adam optimizer{model, {.lr = f::lr}};
    CHECK(support::steps_agree(model, optimizer, f::losses, f::final_loss, f::final_weight0, f::final_bias0, f::final_weight2, f::final_bias2));
}

TEST_CASE("Adam with other betas and weight decay on a classifier", "[optim]") {
    namespace f = fixtures::training::classification::adam_decay;
    support::classifier model;
    optim::Adam optimizer{model, {.lr = f::lr, .betas = {f::betas[0], f::betas[1]}, .weight_decay = f::weight_decay}};
    CHECK(support::steps_agree(model, optimizer, f::losses, f::final_loss, f::final_weight0, f::final_bias0, f::final_weight2, f::final_bias2));
}

TEST_CASE("Adam on a regression", "[optim]") {
    namespace f = fixtures::training::regression::adam;
    support::regressor model;
    optim::Adam optimizer{model, {.lr = f::lr}};
    CHECK(support::steps_agree(model, optimizer, f::losses, f::final_loss, f::final_weight0, f::final_bias0, f::final_weight2, f::final_bias2));
}

TEST_CASE("Adam with other betas and weight decay on a regression", "[optim]") {
    namespace f = fixtures::training::regression::adam_decay;
    support::regressor model;
    optim::Adam optimizer{model, {.lr = f::lr, .betas = {f::betas[0], f::betas[1]}, .weight_decay = f::weight_decay}};
    CHECK(support::steps_agree(model, optimizer, f::losses, f::final_loss, f::final_weight0, f::final_bias0, f::final_weight2, f::final_bias2));
}
