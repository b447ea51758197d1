// SPDX-License-Identifier: BSL-1.0
// Activations, in float and in double, beside PyTorch's values and gradients.

#include "fixtures/activations.hpp"
#include "support/fixture.hpp"

using namespace ashlar;
using support::agrees;
using support::tensor_of;

TEST_CASE("relu", "[activation]") {
    namespace f = fixtures::relu;
    const auto call = [](auto x) { return relu(x); };
    const auto x = tensor_of<f::input_shape>(f::input), upstream = tensor_of<f::upstream_shape>(f::upstream);
    agrees(call, x, upstream, f::output, f::grad_input, 2e-6);
    agrees(call, eval(to<double>(x)), eval(to<double>(upstream)), f::output64, f::grad_input64, 1e-12);
}

TEST_CASE("leaky_relu", "[activation]") {
    namespace f = fixtures::leaky_relu;
    const auto call = [](auto x) { return leaky_relu(x); };
    const auto x = tensor_of<f::input_shape>(f::input), upstream = tensor_of<f::upstream_shape>(f::upstream);
    agrees(call, x, upstream, f::output, f::grad_input, 2e-6);
    agrees(call, eval(to<double>(x)), eval(to<double>(upstream)), f::output64, f::grad_input64, 1e-12);
}

TEST_CASE("leaky_relu_02", "[activation]") {
    namespace f = fixtures::leaky_relu_02;
    const auto call = [](auto x) { return leaky_relu(x, 0.2); };
    const auto x = tensor_of<f::input_shape>(f::input), upstream = tensor_of<f::upstream_shape>(f::upstream);
    agrees(call, x, upstream, f::output, f::grad_input, 2e-6);
    agrees(call, eval(to<double>(x)), eval(to<double>(upstream)), f::output64, f::grad_input64, 1e-12);
}

TEST_CASE("tanh", "[activation]") {
    namespace f = fixtures::tanh;
    const auto call = [](auto x) { return tanh(x); };
    const auto x = tensor_of<f::input_shape>(f::input), upstream = tensor_of<f::upstream_shape>(f::upstream);
    agrees(call, x, upstream, f::output, f::grad_input, 2e-6);
    agrees(call, eval(to<double>(x)), eval(to<double>(upstream)), f::output64, f::grad_input64, 1e-12);
}

TEST_CASE("sigmoid", "[activation]") {
    namespace f = fixtures::sigmoid;
    const auto call = [](auto x) { return sigmoid(x); };
    const auto x = tensor_of<f::input_shape>(f::input), upstream = tensor_of<f::upstream_shape>(f::upstream);
    agrees(call, x, upstream, f::output, f::grad_input, 2e-6);
    agrees(call, eval(to<double>(x)), eval(to<double>(upstream)), f::output64, f::grad_input64, 1e-12);
}
