// SPDX-License-Identifier: BSL-1.0
// labels: slow
// Evaluation, derivatives and training in constant expressions, beside run time.
#include "support/catch.hpp"

#include "support/compare.hpp"

#include <ashlar/ashlar.hpp>

namespace nn = ashlar::nn;
namespace optim = ashlar::optim;
using ashlar::Tensor;
using support::first_difference;

using Model = nn::Sequential<nn::Linear<3, 5>, nn::Tanh, nn::Linear<5, 2>>;
static constexpr Tensor<float, 4, 3> x{{0.1f, -0.2f, 0.3f}, {1, 0.5f, -1}, {-0.7f, 0, 0.2f}, {2, -1, 0.4f}};
static constexpr Tensor<int, 4> y{0, 1, 1, 0};
static constexpr Model model{ashlar::seed(8)};

TEST_CASE("an MLP's output", "[constexpr]") {
    static constexpr auto constant = ashlar::eval(model(x));
    CHECK(first_difference(ashlar::eval(model(x)), constant, 1e-6) == -1);
}

TEST_CASE("a loss and its gradients", "[constexpr]") {
    static constexpr auto constant = ashlar::value_and_grad(nn::CrossEntropyLoss{}(model(x), y), model);
    const auto run = ashlar::value_and_grad(nn::CrossEntropyLoss{}(model(x), y), model);
    CHECK(support::close(static_cast<double>(run.value), static_cast<double>(constant.value), 1e-6));
    CHECK(first_difference(run.gradients.get<0>().weight, constant.gradients.get<0>().weight, 1e-6) == -1);
    CHECK(first_difference(run.gradients.get<2>().bias, constant.gradients.get<2>().bias, 1e-6) == -1);
}

TEST_CASE("derivatives of named leaves", "[constexpr]") {
    static constexpr Tensor<double, 3> at{0.1, 0.2, 0.3};
    static constexpr auto leaf = ashlar::variable<"x">(at);
    static constexpr auto first = ashlar::eval(grad(sum(tanh(leaf) * leaf), leaf));
    static constexpr auto second = ashlar::eval(grad(sum(grad(sum(tanh(leaf) * leaf), leaf)), leaf));
    for (int i = 0; i < 3; ++i) {
        const double t = std::tanh(at(i)), s = 1 - t * t;
        CHECK(support::close(first(i), t + at(i) * s, 1e-15));
        CHECK(support::close(second(i), 2 * s - 2 * at(i) * t * s, 1e-15));
    }
}

template <class Optimizer> static constexpr Model trained(int steps) {
    Model m{ashlar::seed(8)};
    Optimizer optimizer{m, {.lr = 0.1f}};
    for (int i = 0; i < steps; ++i) optimizer.step(nn::CrossEntropyLoss{}(m(x), y));
    return m;
}

TEST_CASE("twenty steps", "[constexpr]") {
    using SGD = optim::SGD<Model, optim::plain_sgd>;
    static constexpr Model constant = trained<SGD>(20);
    const Model run = trained<SGD>(20);
    CHECK(first_difference(run.get<0>().weight, constant.get<0>().weight, 1e-5) == -1);
    CHECK(first_difference(run.get<2>().weight, constant.get<2>().weight, 1e-5) == -1);
    static_assert(constant.get<0>().weight(0, 0) != model.get<0>().weight(0, 0));
}

TEST_CASE("ten steps of Adam", "[constexpr]") {
    static constexpr Model constant = trained<optim::Adam<Model>>(10);
    const Model run = trained<optim::Adam<Model>>(10);
    CHECK(first_difference(run.get<0>().weight, constant.get<0>().weight, 1e-5) == -1);
    CHECK(first_difference(run.get<2>().weight, constant.get<2>().weight, 1e-5) == -1);
}
