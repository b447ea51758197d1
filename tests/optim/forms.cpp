// SPDX-License-Identifier: BSL-1.0
// The three forms of a training step give the same model bit for bit: `step(loss)`; `backward` and `step()`;
// `value_and_grad` and an update written by hand. Odd widths, so that every kernel has a remainder.
#include "support/catch.hpp"
#include "support/forms.hpp"

#include <ashlar/ashlar.hpp>

#include <cstring>

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

TEST_CASE("SGD: short and long form", "[optim][bits]") {
    the_long_form_equals_the_short_one([](Model& m) { return optim::SGD{m, {.lr = 0.1f}}; });
}

TEST_CASE("SGD: functional form", "[optim][bits]") {
    const Batch batch;
    nn::CrossEntropyLoss criterion;
    Model a{ashlar::seed(1)}, b{ashlar::seed(1)};
    optim::SGD sgd{a, {.lr = 0.1f}};
    optim::SGD rule{b, {.lr = 0.1f}};
    for (int i = 0; i < steps; ++i) {
        const float value = sgd.step(criterion(a(batch.x), batch.y));
        const auto [same, gradients] = ashlar::value_and_grad(criterion(b(batch.x), batch.y), b);
        static_cast<Model&>(rule.gradients()) = gradients;
        rule.step();
        CHECK(std::memcmp(&value, &same, sizeof value) == 0);
        CHECK(support::same_bits(a, b));
    }
}

TEST_CASE("SGD: an update by hand", "[optim]") {
    const Batch batch;
    nn::CrossEntropyLoss criterion;
    Model a{ashlar::seed(1)}, b{ashlar::seed(1)};
    optim::SGD sgd{a, {.lr = 0.125f}};  // a power of two: the product is exact, fused or not
    for (int i = 0; i < steps; ++i) {
        sgd.step(criterion(a(batch.x), batch.y));
        auto gradients = ashlar::value_and_grad(criterion(b(batch.x), batch.y), b).gradients;
        for (std::size_t k = 0; k < b.get<0>().weight.size(); ++k)
            b.get<0>().weight.data()[k] -= 0.125f * gradients.get<0>().weight.data()[k];
        for (std::size_t k = 0; k < b.get<0>().bias.size(); ++k)
            b.get<0>().bias.data()[k] -= 0.125f * gradients.get<0>().bias.data()[k];
        for (std::size_t k = 0; k < b.get<2>().weight.size(); ++k)
            b.get<2>().weight.data()[k] -= 0.125f * gradients.get<2>().weight.data()[k];
        for (std::size_t k = 0; k < b.get<2>().bias.size(); ++k)
            b.get<2>().bias.data()[k] -= 0.125f * gradients.get<2>().bias.data()[k];
        CHECK(support::same_bits(a, b));
    }
}
