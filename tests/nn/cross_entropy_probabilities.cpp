// SPDX-License-Identifier: BSL-1.0
// Cross entropy of class probabilities beside PyTorch.
#include "support/catch.hpp"

#include "fixtures/losses.hpp"
#include "support/fixture.hpp"

#include <cmath>

namespace nn = ashlar::nn;
using support::first_difference;
using support::tensor_of;

// Value and gradients of both arguments; options are run-time numbers,
// so that cases of one reduction and shape are one program.
template <class Loss, class X, class Y, std::size_t N, std::size_t M>
static void agrees(const Loss& criterion, const X& at, const Y& target, const float (&output)[N],
                   const float (&gradient)[M], const float (&target_gradient)[M]) {
    const auto x = ashlar::variable<"x">(at);
    const auto y = ashlar::variable<"y">(target);
    CHECK(first_difference(ashlar::eval(criterion(x, y)), output, 2e-6) == -1);
    CHECK(first_difference(ashlar::eval(grad(criterion(x, y), x)), gradient, 2e-6) == -1);
    CHECK(first_difference(ashlar::eval(grad(criterion(x, y), y)), target_gradient, 2e-6) == -1);
}

// The same where the losses of the rows stay apart.
template <class Loss, class X, class Y, class Upstream, std::size_t N, std::size_t M>
static void agrees_by_row(const Loss& criterion, const X& at, const Y& target, const Upstream& upstream,
                          const float (&output)[N], const float (&gradient)[M]) {
    const auto x = ashlar::variable<"x">(at);
    const auto losses = criterion(x, target);
    static_assert(std::same_as<ashlar::shape_t<decltype(losses)>, ashlar::shape_t<Upstream>>);
    CHECK(first_difference(ashlar::eval(losses), output, 2e-6) == -1);
    CHECK(first_difference(ashlar::eval(grad(sum(losses * upstream), x)), gradient, 2e-6) == -1);
}

TEST_CASE("mean over the rows", "[nn][loss]") {
    {
        namespace f = fixtures::ce_prob_mean;
        agrees(nn::CrossEntropyLoss{}, tensor_of<f::input_shape>(f::input), tensor_of<f::target_shape>(f::target),
               f::output, f::grad_input, f::grad_target);
    }
    {
        namespace f = fixtures::ce_prob_smoothing_mean;
        agrees(nn::CrossEntropyLoss{.label_smoothing = f::label_smoothing}, tensor_of<f::input_shape>(f::input),
               tensor_of<f::target_shape>(f::target), f::output, f::grad_input, f::grad_target);
    }
    {
        namespace f = fixtures::ce_prob_one_hot;
        agrees(nn::CrossEntropyLoss{}, tensor_of<f::input_shape>(f::input), tensor_of<f::target_shape>(f::target),
               f::output, f::grad_input, f::grad_target);
    }
    {
        namespace f = fixtures::ce_prob_large;
        agrees(nn::CrossEntropyLoss{}, tensor_of<f::input_shape>(f::input), tensor_of<f::target_shape>(f::target),
               f::output, f::grad_input, f::grad_target);
    }
}

TEST_CASE("sum", "[nn][loss]") {
    {
        namespace f = fixtures::ce_prob_sum;
        agrees(nn::CrossEntropyLoss<nn::reduction::sum>{}, tensor_of<f::input_shape>(f::input),
               tensor_of<f::target_shape>(f::target), f::output, f::grad_input, f::grad_target);
    }
    {
        namespace f = fixtures::ce_prob_smoothing_sum;
        agrees(nn::CrossEntropyLoss<nn::reduction::sum>{.label_smoothing = f::label_smoothing},
               tensor_of<f::input_shape>(f::input), tensor_of<f::target_shape>(f::target), f::output, f::grad_input,
               f::grad_target);
    }
}

TEST_CASE("a loss for every row", "[nn][loss]") {
    {
        namespace f = fixtures::ce_prob_none;
        agrees_by_row(nn::CrossEntropyLoss<nn::reduction::none>{}, tensor_of<f::input_shape>(f::input),
                      tensor_of<f::target_shape>(f::target), tensor_of<f::upstream_shape>(f::upstream), f::output,
                      f::grad_input);
    }
    {
        namespace f = fixtures::ce_prob_smoothing_none;
        agrees_by_row(nn::CrossEntropyLoss<nn::reduction::none>{.label_smoothing = f::label_smoothing},
                      tensor_of<f::input_shape>(f::input), tensor_of<f::target_shape>(f::target),
                      tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_input);
    }
}

// (PyTorch smooths probabilities of float as float.)
TEST_CASE("scores of double beside probabilities of float lose nothing", "[nn][loss]") {
    const ashlar::Tensor<double, 2, 3> x{{0.3, 1.2, -0.7}, {2.1, -0.2, 0.4}};
    const ashlar::Tensor<float, 2, 3> p{{0.2f, 0.3f, 0.5f}, {0.1f, 0.6f, 0.3f}};
    for (const double smoothing : {0.0, 0.1, 0.7}) {
        double expected = 0;
        for (int i = 0; i < 2; ++i) {
            double sum = 0;
            for (int j = 0; j < 3; ++j) sum += std::exp(x(i, j));
            for (int j = 0; j < 3; ++j)
                expected -= (p(i, j) * (1 - smoothing) + smoothing / 3) * (x(i, j) - std::log(sum)) / 2;
        }
        const auto got = ashlar::eval(nn::CrossEntropyLoss{.label_smoothing = smoothing}(x, p));
        CHECK(static_cast<double>(got) == Approx(expected).epsilon(1e-14));
    }
}
