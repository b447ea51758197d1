// SPDX-License-Identifier: BSL-1.0
// labels: slow
// `step(loss)` and its long form give the same model bit for bit, also with a state.
#include "support/catch.hpp"
#include "support/forms.hpp"

#include <ashlar/ashlar.hpp>

namespace nn = ashlar::nn;
namespace optim = ashlar::optim;
using ashlar::Tensor;

using Model = nn::Sequential<nn::Linear<37, 53>, nn::Tanh, nn::Linear<53, 7>>;
static constexpr int steps = 5;

static_assert(sizeof(Model) % 64 == 0);

struct Batch {
    Tensor<float, 13, 37> x;
    Tensor<int, 13> y;
    Batch() {
        ashlar::generator random{ashlar::seed(21)};
        fill_uniform(x, random, 1.0f);
        for (int& label : y) label = static_cast<int>(random.below(7));
    }
};

template <class MakeOptimizer> static void the_long_form_equals_the_short_one(MakeOptimizer make) {
    const Batch batch;
    support::the_long_form_equals_the_short_one<Model>(batch.x, batch.y, steps, make);
}

TEST_CASE("SGD with momentum", "[optim][bits]") {
    the_long_form_equals_the_short_one([](Model& m) { return optim::SGD{m, {.lr = 0.1f, .momentum = 0.9f}}; });
}

TEST_CASE("SGD with everything", "[optim][bits]") {
    the_long_form_equals_the_short_one([](Model& m) {
        return optim::SGD{m, {.lr = 0.1f, .momentum = 0.9f, .weight_decay = 0.013, .nesterov = true}};
    });
}

TEST_CASE("Adam", "[optim][bits]") {
    the_long_form_equals_the_short_one([](Model& m) {
        return optim::Adam{m, {.lr = 1e-2f, .betas = {0.9f, 0.999f}, .eps = 1e-8f, .weight_decay = 0.01}};
    });
}

TEST_CASE("nesterov without momentum is refused", "[optim]") {
    nn::Linear<2, 2> layer{ashlar::seed(0)};
    CHECK_THROWS_WITH((optim::SGD{layer, {.lr = 0.1, .nesterov = true}}),
                      "SGD: nesterov needs a momentum and no dampening");
    CHECK_THROWS_AS((optim::SGD{layer, {.lr = 0.1, .momentum = 0.9, .dampening = 0.5, .nesterov = true}}),
                    ashlar::error);
}
