// SPDX-License-Identifier: BSL-1.0
// Sequential and Residual beside PyTorch.
#include "support/catch.hpp"

#include "fixtures/layers.hpp"
#include "support/fixture.hpp"

namespace nn = ashlar::nn;
using support::first_difference;
using support::tensor_of;

static constexpr double tolerance = 2e-6;

TEST_CASE("an MLP on a batch", "[nn]") {
    namespace f = fixtures::mlp;
    nn::Sequential<nn::Linear<4, 8>, nn::Tanh, nn::Linear<8, 3>> model;
    model.get<0>().weight = tensor_of<f::weight0_shape>(f::weight0);
    model.get<0>().bias = tensor_of<f::bias0_shape>(f::bias0);
    model.get<2>().weight = tensor_of<f::weight2_shape>(f::weight2);
    model.get<2>().bias = tensor_of<f::bias2_shape>(f::bias2);
    const auto input = tensor_of<f::input_shape>(f::input);
    const auto upstream = tensor_of<f::upstream_shape>(f::upstream);
    CHECK(first_difference(ashlar::eval(model(input)), f::output, tolerance) == -1);

    const auto x = ashlar::variable<"x">(input);
    const auto loss = sum(model(x) * upstream);
    CHECK(first_difference(ashlar::eval(grad(loss, x)), f::grad_input, tolerance) == -1);
    const auto gradients = ashlar::value_and_grad(loss, model).gradients;
    CHECK(first_difference(gradients.get<0>().weight, f::grad_weight0, tolerance) == -1);
    CHECK(first_difference(gradients.get<0>().bias, f::grad_bias0, tolerance) == -1);
    CHECK(first_difference(gradients.get<2>().weight, f::grad_weight2, tolerance) == -1);
    CHECK(first_difference(gradients.get<2>().bias, f::grad_bias2, tolerance) == -1);
}

TEST_CASE("an MLP without a batch", "[nn]") {
    namespace f = fixtures::mlp_unbatched;
    nn::Sequential<nn::Linear<4, 8>, nn::Tanh, nn::Linear<8, 3>> model;
    model.get<0>().weight = tensor_of<f::weight0_shape>(f::weight0);
    model.get<0>().bias = tensor_of<f::bias0_shape>(f::bias0);
    model.get<2>().weight = tensor_of<f::weight2_shape>(f::weight2);
    model.get<2>().bias = tensor_of<f::bias2_shape>(f::bias2);
    const auto input = tensor_of<f::input_shape>(f::input);
    const auto upstream = tensor_of<f::upstream_shape>(f::upstream);
    CHECK(first_difference(ashlar::eval(model(input)), f::output, tolerance) == -1);

    const auto x = ashlar::variable<"x">(input);
    const auto loss = sum(model(x) * upstream);
    CHECK(first_difference(ashlar::eval(grad(loss, x)), f::grad_input, tolerance) == -1);
    const auto gradients = ashlar::value_and_grad(loss, model).gradients;
    CHECK(first_difference(gradients.get<0>().weight, f::grad_weight0, tolerance) == -1);
    CHECK(first_difference(gradients.get<2>().weight, f::grad_weight2, tolerance) == -1);
    CHECK(first_difference(gradients.get<2>().bias, f::grad_bias2, tolerance) == -1);
}

TEST_CASE("Residual on a batch", "[nn]") {
    namespace f = fixtures::residual;
    nn::Residual<nn::Linear<6, 6>, nn::ReLU> model;
    model.get<0>().weight = tensor_of<f::weight0_shape>(f::weight0);
    model.get<0>().bias = tensor_of<f::bias0_shape>(f::bias0);
    const auto input = tensor_of<f::input_shape>(f::input);
    const auto upstream = tensor_of<f::upstream_shape>(f::upstream);
    CHECK(first_difference(ashlar::eval(model(input)), f::output, tolerance) == -1);

    const auto x = ashlar::variable<"x">(input);
    const auto loss = sum(model(x) * upstream);
    CHECK(first_difference(ashlar::eval(grad(loss, x)), f::grad_input, tolerance) == -1);
    const auto gradients = ashlar::value_and_grad(loss, model).gradients;
    CHECK(first_difference(gradients.get<0>().weight, f::grad_weight0, tolerance) == -1);
    CHECK(first_difference(gradients.get<0>().bias, f::grad_bias0, tolerance) == -1);
}

TEST_CASE("Residual without a batch, inside a Sequential", "[nn]") {
    namespace f = fixtures::residual_unbatched;
    nn::Sequential<nn::Identity, nn::Residual<nn::Linear<6, 6>, nn::ReLU>> model;
    model.get<1>().get<0>().weight = tensor_of<f::weight0_shape>(f::weight0);
    model.get<1>().get<0>().bias = tensor_of<f::bias0_shape>(f::bias0);
    const auto input = tensor_of<f::input_shape>(f::input);
    const auto upstream = tensor_of<f::upstream_shape>(f::upstream);
    CHECK(first_difference(ashlar::eval(model(input)), f::output, tolerance) == -1);

    const auto x = ashlar::variable<"x">(input);
    const auto loss = sum(model(x) * upstream);
    CHECK(first_difference(ashlar::eval(grad(loss, x)), f::grad_input, tolerance) == -1);
    const auto gradients = ashlar::value_and_grad(loss, model).gradients;
    CHECK(first_difference(gradients.get<1>().get<0>().weight, f::grad_weight0, tolerance) == -1);
    CHECK(first_difference(gradients.get<1>().get<0>().bias, f::grad_bias0, tolerance) == -1);
}
