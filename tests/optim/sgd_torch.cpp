// SPDX-License-Identifier: BSL-1.0
// labels: slow fastmath
// Twenty steps of SGD from the same weights beside PyTorch.
#include "support/catch.hpp"

#include "support/training.hpp"

namespace optim = ashlar::optim;

TEST_CASE("SGD on a classifier", "[optim]") {
    namespace f = fixtures::training::classification::sgd;
    support::classification problem;
    optim::SGD optimizer{problem.model, {.lr = f::lr}};
    support::losses_agree(problem, optimizer, f::losses, f::final_loss);
    support::weights_agree(problem.model, f::final_weight0, f::final_bias0, f::final_weight2, f::final_bias2);
}

TEST_CASE("SGD on a regression", "[optim]") {
    namespace f = fixtures::training::regression::sgd;
    support::regression problem;
    optim::SGD optimizer{problem.model, {.lr = f::lr}};
    support::losses_agree(problem, optimizer, f::losses, f::final_loss);
    support::weights_agree(problem.model, f::final_weight0, f::final_bias0, f::final_weight2, f::final_bias2);
}
