// SPDX-License-Identifier: BSL-1.0
// labels: slow
// A layer on one row: its gradient is an outer product, so that the update's sums and products lie in one loop with
// those of the gradient. The forms of a step give the same bits there too, with rules that add several products.
#include "support/catch.hpp"
#include "support/forms.hpp"

#include <ashlar/ashlar.hpp>

namespace nn = ashlar::nn;
namespace optim = ashlar::optim;
using ashlar::Tensor;

namespace {

using Model = nn::Sequential<nn::Linear<120, 33>>;

template <class MakeOptimizer> void the_long_form_equals_the_short_one(MakeOptimizer make) {
    ashlar::generator random{ashlar::seed(5)};
    Tensor<float, 1, 120> x;
    fill_uniform(x, random, 1.0f);
    support::the_long_form_equals_the_short_one<Model>(x, Tensor<int, 1>{7}, 5, make);
}

}  // namespace

TEST_CASE("an outer product under Adam", "[optim][bits]") {
    the_long_form_equals_the_short_one([](Model& m) { return optim::Adam{m, {.lr = 0.01}}; });
}

TEST_CASE("an outer product under SGD with a momentum", "[optim][bits]") {
    the_long_form_equals_the_short_one(
        [](Model& m) { return optim::SGD{m, {.lr = 0.01, .momentum = 0.9, .weight_decay = 0.01}}; });
    the_long_form_equals_the_short_one(
        [](Model& m) { return optim::SGD{m, {.lr = 0.01, .momentum = 0.9, .nesterov = true}}; });
}

// The update makes the first form a large program, and the others are straight code.
TEST_CASE("a model at the limit of straight code", "[optim][bits]") {
    using limit = nn::Sequential<nn::Linear<90, 90>, nn::Tanh, nn::Linear<90, 9>>;
    ashlar::generator random{ashlar::seed(5)};
    Tensor<float, 1, 90> x;
    fill_uniform(x, random, 1.0f);
    support::the_long_form_equals_the_short_one<limit>(
        x, Tensor<int, 1>{7}, 5, [](limit& m) { return optim::Adam{m, {.lr = 0.01, .weight_decay = 0.01}}; });
}
