// SPDX-License-Identifier: BSL-1.0
// Whose gradients a step takes: those of every call of the optimizer's own model, and of no other object of its type.
#include "support/catch.hpp"

#include "support/child.hpp"
#include "support/compare.hpp"

#include <ashlar/ashlar.hpp>

namespace nn = ashlar::nn;
namespace optim = ashlar::optim;
using ashlar::Tensor;
using support::first_difference;

using Model = nn::Linear<3, 2>;

static const Tensor<float, 4, 3> first_batch{{1, 2, 3}, {0, -1, 2}, {2, 2, -2}, {0.5f, 1, 0}};
static const Tensor<float, 4, 3> second_batch{{-1, 0, 3}, {2, -1, 1}, {1, 1, 1}, {0, 1, -2}};
static const Tensor<float, 4, 2> targets{{1, 0}, {0, 1}, {0.5f, 0.5f}, {-1, 1}};
static const nn::MSELoss criterion;

TEST_CASE("a model that is called twice gets the sum of both gradients", "[optim]") {
    const Model model{ashlar::seed(1)};
    const auto first = ashlar::value_and_grad(criterion(model(first_batch), targets), model);
    const auto second = ashlar::value_and_grad(criterion(model(second_batch), targets), model);
    const auto both =
        ashlar::value_and_grad(criterion(model(first_batch), targets) + criterion(model(second_batch), targets), model);
    CHECK(support::close(static_cast<double>(both.value), static_cast<double>(first.value + second.value), 1e-6));
    CHECK(first_difference(both.gradients.weight, ashlar::eval(first.gradients.weight + second.gradients.weight),
                           1e-6) == -1);
    CHECK(first_difference(both.gradients.bias, ashlar::eval(first.gradients.bias + second.gradients.bias), 1e-6) ==
          -1);
}

TEST_CASE("another object of the model's type is constant", "[optim]") {
    const Model model{ashlar::seed(1)}, teacher{ashlar::seed(2)};
    const Tensor<float, 4, 2> target = teacher(first_batch);
    const auto expected = ashlar::value_and_grad(criterion(model(first_batch), target), model);
    const auto ours = ashlar::value_and_grad(criterion(model(first_batch), teacher(first_batch)), model);
    CHECK(first_difference(ours.gradients.weight, expected.gradients.weight, 1e-6) == -1);
    CHECK(first_difference(ours.gradients.bias, expected.gradients.bias, 1e-6) == -1);
}

TEST_CASE("a step trains one of two twins", "[optim]") {
    Model model{ashlar::seed(1)}, teacher{ashlar::seed(2)}, alone{ashlar::seed(1)};
    const Model before = teacher;
    const Tensor<float, 4, 2> target = teacher(first_batch);
    optim::SGD sgd{model, {.lr = 0.1}}, other{alone, {.lr = 0.1}};
    for (int i = 0; i < 3; ++i) {
        const float value = sgd.step(criterion(teacher(first_batch), model(first_batch)));
        const float expected = other.step(criterion(alone(first_batch), target));
        CHECK(support::close(static_cast<double>(value), static_cast<double>(expected), 1e-6));
    }
    CHECK(first_difference(model.weight, alone.weight, 1e-6) == -1);
    CHECK(first_difference(model.bias, alone.bias, 1e-6) == -1);
    CHECK(teacher.weight == before.weight);
    CHECK(teacher.bias == before.bias);
}

TEST_CASE("a step with two calls equals the sum of two backward passes", "[optim]") {
    Model model{ashlar::seed(1)}, long_form{ashlar::seed(1)};
    optim::SGD sgd{model, {.lr = 0.1}}, slow{long_form, {.lr = 0.1}};
    for (int i = 0; i < 3; ++i) {
        sgd.step(criterion(model(first_batch), targets) + criterion(model(second_batch), targets));
        slow.zero_grad();
        ashlar::backward(criterion(long_form(first_batch), targets), slow.gradients());
        ashlar::backward(criterion(long_form(second_batch), targets), slow.gradients());
        slow.step();
    }
    CHECK(first_difference(model.weight, long_form.weight, 1e-5) == -1);
    CHECK(first_difference(model.bias, long_form.bias, 1e-5) == -1);
}

TEST_CASE("training a model that the loss does not call is fatal", "[optim]") {
    Model model{ashlar::seed(1)}, twin{ashlar::seed(1)};
    optim::SGD sgd{model, {.lr = 0.1}};
    const std::string message =
        "ashlar: the loss does not call the model that is trained, but another object of its type\n";
    const auto step = support::ending_of([&] { sgd.step(criterion(twin(first_batch), targets)); });
    CHECK(step.aborted);
    CHECK(step.message == message);
    const auto backward =
        support::ending_of([&] { ashlar::backward(criterion(twin(first_batch), targets), sgd.gradients()); });
    CHECK(backward.aborted);
    CHECK(backward.message == message);
    const auto functional =
        support::ending_of([&] { ashlar::value_and_grad(criterion(twin(first_batch), targets), model); });
    CHECK(functional.aborted);
    CHECK(functional.message == message);
    const auto sound = support::ending_of([&] { sgd.step(criterion(model(first_batch), targets)); });
    CHECK_FALSE(sound.aborted);
    CHECK(sound.message.empty());
}

TEST_CASE("a part of the trained model elsewhere in the loss is fatal", "[optim]") {
    Model model{ashlar::seed(1)}, other{ashlar::seed(2)};
    optim::SGD sgd{model, {.lr = 0.1}};
    const std::string message = "ashlar: the loss uses a part of the trained model outside the call of the model: "
                                "it would count as a constant\n";
    const auto penalty = [](const Model& m) { return 0.01f * sum(m.weight * m.weight); };
    const auto step = support::ending_of([&] { sgd.step(criterion(model(first_batch), targets) + penalty(model)); });
    CHECK(step.aborted);
    CHECK(step.message == message);
    const auto functional = support::ending_of([&] {
        ashlar::value_and_grad(criterion(model(first_batch), targets) + sum(model.bias), model);
    });
    CHECK(functional.aborted);
    CHECK(functional.message == message);
    const auto sound = support::ending_of([&] { sgd.step(criterion(model(first_batch), targets) + penalty(other)); });
    CHECK_FALSE(sound.aborted);
}

namespace {

// 300 members beside those of the trained model.
struct offsets {
    Tensor<float, 2> each[300];
    constexpr auto operator()(ashlar::expression auto x) const { return x + each[299]; }
    using members = ashlar::members<&offsets::each>;
};

}  // namespace

TEST_CASE("a loss of 300 tensors that are not trained", "[optim]") {
    Model model{ashlar::seed(1)};
    static offsets others{};
    others.each[299] = Tensor<float, 2>{0.5f, 0.25f};
    optim::SGD sgd{model, {.lr = 0.0}};
    const float expected = criterion(model(first_batch), ashlar::eval(targets + others.each[299]));
    CHECK(support::close(static_cast<double>(sgd.step(criterion(model(first_batch), ashlar::call(others, targets)))),
                         static_cast<double>(expected), 1e-6));
    const auto used_outside = support::ending_of([&] {
        sgd.step(criterion(model(first_batch), ashlar::call(others, targets) + model.bias));
    });
    CHECK(used_outside.aborted);
}
