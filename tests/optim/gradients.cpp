// SPDX-License-Identifier: BSL-1.0
// The gradient buffer, and optimizers beside each other.
#include "support/catch.hpp"

#include "support/compare.hpp"

#include <ashlar/ashlar.hpp>

namespace nn = ashlar::nn;
namespace optim = ashlar::optim;
using ashlar::Tensor;
using support::first_difference;

using Model = nn::Sequential<nn::Linear<3, 4>, nn::ReLU, nn::Linear<4, 2>>;

static const Tensor<float, 2, 3> x{{1, 2, 3}, {0, -1, 2}};
static const Tensor<float, 2, 2> y{{1, 0}, {0, 1}};
static const nn::MSELoss criterion;

TEST_CASE("backward accumulates until zero_grad", "[optim]") {
    Model model{ashlar::seed(1)};
    optim::SGD sgd{model, {.lr = 0.1}};
    const auto once = ashlar::value_and_grad(criterion(model(x), y), model).gradients;
    CHECK(sgd.gradients().get<0>().weight == Tensor<float, 4, 3>::zeros());
    ashlar::backward(criterion(model(x), y), sgd.gradients());
    CHECK(sgd.gradients().get<0>().weight == once.get<0>().weight);
    ashlar::backward(criterion(model(x), y), sgd.gradients());
    CHECK(first_difference(sgd.gradients().get<2>().weight, ashlar::eval(2.0f * once.get<2>().weight), 1e-6) == -1);
    sgd.zero_grad();
    CHECK(sgd.gradients().get<0>().weight == Tensor<float, 4, 3>::zeros());
    CHECK(sgd.gradients().get<2>().bias == Tensor<float, 2>::zeros());
}

namespace {

// Its members have values to begin with.
struct Scaled {
    Tensor<float, 2> scale{2.0f, 2.0f};
    Tensor<float, 2> unused{3.0f, 3.0f};
    using members = ashlar::members<&Scaled::scale, &Scaled::unused>;
    constexpr auto operator()(ashlar::expression auto u) const { return u * scale; }
};

}  // namespace

TEST_CASE("gradients and states begin with 0, whatever the members begin with", "[optim]") {
    const Tensor<float, 2> u{1, 2}, two{2, 2}, three{3, 3};
    const Scaled model{};
    const auto [loss, gradients] = ashlar::value_and_grad(sum(ashlar::call(model, u)), model);
    CHECK(loss == 6);
    CHECK(gradients.scale == u);
    CHECK(gradients.unused == Tensor<float, 2>::zeros());

    Scaled trained{};
    optim::SGD sgd{trained, {.lr = 0.5}};
    ashlar::backward(sum(ashlar::call(trained, u)), sgd.gradients());
    CHECK(sgd.gradients().scale == u);
    sgd.step();
    CHECK(trained.scale == ashlar::eval(two - 0.5f * u));
    CHECK(trained.unused == three);

    Scaled by_adam{};
    optim::Adam adam{by_adam, {.lr = 0.5, .eps = 0}};
    adam.step(sum(ashlar::call(by_adam, u)));  // the first step is lr, whatever the gradient
    CHECK(first_difference(by_adam.scale, Tensor<float, 2>{1.5f, 1.5f}, 1e-6) == -1);
    CHECK(by_adam.unused == three);
}

TEST_CASE("backward returns the loss and leaves the model alone", "[optim]") {
    Model model{ashlar::seed(1)};
    const Model before = model;
    optim::SGD sgd{model, {.lr = 0.1}};
    const float expected = criterion(model(x), y);
    const float value = ashlar::backward(criterion(model(x), y), sgd.gradients());
    CHECK(support::close(static_cast<double>(value), static_cast<double>(expected), 1e-6));
    CHECK(model.get<0>().weight == before.get<0>().weight);
}

TEST_CASE("the buffer can be clipped before the update", "[optim]") {
    Model model{ashlar::seed(1)};
    const Model before = model;
    optim::SGD sgd{model, {.lr = 0.5}};
    ashlar::backward(criterion(model(x), y), sgd.gradients());
    const auto bias = sgd.gradients().get<2>().bias;
    ashlar::for_each_parameter(static_cast<Model&>(sgd.gradients()), [](auto& g) { g = g * 0.5f; });
    sgd.step();
    CHECK(first_difference(model.get<2>().bias, ashlar::eval(before.get<2>().bias - 0.25f * bias), 1e-6) == -1);
}

TEST_CASE("a learning rate is changed between steps", "[optim]") {
    Model model{ashlar::seed(1)};
    optim::SGD sgd{model, {.lr = 0.1}};
    sgd.options.lr = 0;
    const Model before = model;
    sgd.step(criterion(model(x), y));
    CHECK(model.get<0>().weight == before.get<0>().weight);
    sgd.options.lr = 0.1;
    sgd.step(criterion(model(x), y));
    CHECK(model.get<2>().bias != before.get<2>().bias);
}

TEST_CASE("two optimizers of one model keep their own state", "[optim]") {
    Model model{ashlar::seed(1)}, expected{ashlar::seed(1)};
    optim::SGD first{model, {.lr = 0.1, .momentum = 0.9}}, second{model, {.lr = 0.1, .momentum = 0.9}};
    optim::SGD plain{expected, {.lr = 0.1, .momentum = 0.9}};
    // The first step of each is a plain one, since each starts with an empty buffer.
    first.step(criterion(model(x), y));
    second.step(criterion(model(x), y));
    plain.step(criterion(expected(x), y));
    plain.begun = false;
    plain.step(criterion(expected(x), y));
    CHECK(first_difference(model.get<2>().bias, expected.get<2>().bias, 1e-6) == -1);
    CHECK(first_difference(model.get<0>().weight, expected.get<0>().weight, 1e-6) == -1);
}

