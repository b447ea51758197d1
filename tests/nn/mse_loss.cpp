// SPDX-License-Identifier: BSL-1.0
// The mean squared error beside PyTorch: values, and gradients of both arguments.
#include "support/catch.hpp"

#include "fixtures/losses.hpp"
#include "support/fixture.hpp"

namespace nn = ashlar::nn;
using support::first_difference;
using support::tensor_of;

TEST_CASE("MSELoss", "[nn][loss]") {
    namespace f = fixtures::mse_mean;
    const auto x = tensor_of<f::input_shape>(f::input), y = tensor_of<f::target_shape>(f::target);
    const auto input = ashlar::variable<"input">(x);
    const auto target = ashlar::variable<"target">(y);
    nn::MSELoss criterion;
    const auto loss = criterion(input, target);
    static_assert(std::same_as<decltype(criterion), nn::MSELoss<nn::reduction::mean>>);
    CHECK(first_difference(ashlar::eval(loss), f::output, 1e-6) == -1);
    CHECK(first_difference(ashlar::eval(grad(loss, input)), f::grad_input, 1e-6) == -1);
    CHECK(first_difference(ashlar::eval(grad(loss, target)), f::grad_target, 1e-6) == -1);
}

TEST_CASE("MSELoss with the reduction sum", "[nn][loss]") {
    namespace f = fixtures::mse_sum;
    const auto x = tensor_of<f::input_shape>(f::input), y = tensor_of<f::target_shape>(f::target);
    const auto input = ashlar::variable<"input">(x);
    const auto loss = nn::MSELoss<nn::reduction::sum>{}(input, y);
    CHECK(first_difference(ashlar::eval(loss), f::output, 1e-6) == -1);
    CHECK(first_difference(ashlar::eval(grad(loss, input)), f::grad_input, 1e-6) == -1);
}

TEST_CASE("MSELoss without a reduction", "[nn][loss]") {
    namespace f = fixtures::mse_none;
    const auto x = tensor_of<f::input_shape>(f::input), y = tensor_of<f::target_shape>(f::target);
    const auto upstream = tensor_of<f::upstream_shape>(f::upstream);
    const auto input = ashlar::variable<"input">(x);
    const auto losses = nn::MSELoss<nn::reduction::none>{}(input, y);
    static_assert(std::same_as<ashlar::shape_t<decltype(losses)>, ashlar::Shape<4, 3>>);
    CHECK(first_difference(ashlar::eval(losses), f::output, 1e-6) == -1);
    CHECK(first_difference(ashlar::eval(grad(sum(losses * upstream), input)), f::grad_input, 1e-6) == -1);
}

TEST_CASE("a loss is a constant expression", "[nn][loss]") {
    constexpr ashlar::Tensor<float, 2> x{1, 2}, y{0, 4};
    static constexpr float loss = nn::MSELoss{}(x, y);
    static_assert(loss == 2.5f);
    SUCCEED();
}
