// SPDX-License-Identifier: BSL-1.0
// Twenty steps of SGD from the same weights beside PyTorch.
#include "support/catch.hpp"

#include "fixtures/training.hpp"
#include "support/training.hpp"

namespace optim = ashlar::optim;

TEST_CASE("SGD on a classifier", "[optim]") {
    namespace f = fixtures::training::classification::sgd;
    support::classifier model;
    optim::SGD optimizer{model, {.lr = f::lr}};
    CHECK(support::steps_agree(model, optimizer, f::losses, f::final_loss, f::final_weight0, f::final_bias0, f::final_weight2, f::final_bias2));
}

TEST_CASE("SGD on a regression", "[optim]") {
    namespace f = fixtures::training::regression::sgd;
    support::regressor model;
    optim::SGD optimizer{model, {.lr = f::lr}};
    CHECK(support::steps_agree(model, optimizer, f::losses, f::final_loss, f::final_weight0, f::final_bias0, f::final_weight2, f::final_bias2));
}
