// SPDX-License-Identifier: BSL-1.0
// Activations, in float and in double, beside PyTorch's values and gradients.

#include "fixtures/activations.hpp"
#include "support/fixture.hpp"

using namespace ashlar;
using support::agrees;
using support::tensor_of;

TEST_CASE("gelu", "[activation]") {
    namespace f = fixtures::gelu;
    const auto call = [](auto x) { return gelu(x); };
    const auto x = tensor_of<f::input_shape>(f::input), upstream = tensor_of<f::upstream_shape>(f::upstream);
    agrees(call, x, upstream, f::output, f::grad_input, 2e-6);
    agrees(call, eval(to<double>(x)), eval(to<double>(upstream)), f::output64, f::grad_input64, 1e-12);
}

TEST_CASE("gelu_tanh", "[activation]") {
    namespace f = fixtures::gelu_tanh;
    const auto call = [](auto x) { return gelu_tanh(x); };
    const auto x = tensor_of<f::input_shape>(f::input), upstream = tensor_of<f::upstream_shape>(f::upstream);
    agrees(call, x, upstream, f::output, f::grad_input, 2e-6);
    agrees(call, eval(to<double>(x)), eval(to<double>(upstream)), f::output64, f::grad_input64, 1e-12);
}

TEST_CASE("silu", "[activation]") {
    namespace f = fixtures::silu;
    const auto call = [](auto x) { return silu(x); };
    const auto x = tensor_of<f::input_shape>(f::input), upstream = tensor_of<f::upstream_shape>(f::upstream);
    agrees(call, x, upstream, f::output, f::grad_input, 2e-6);
    agrees(call, eval(to<double>(x)), eval(to<double>(upstream)), f::output64, f::grad_input64, 1e-12);
}

TEST_CASE("softplus", "[activation]") {
    namespace f = fixtures::softplus;
    const auto call = [](auto x) { return softplus(x); };
    const auto x = tensor_of<f::input_shape>(f::input), upstream = tensor_of<f::upstream_shape>(f::upstream);
    agrees(call, x, upstream, f::output, f::grad_input, 2e-6);
    agrees(call, eval(to<double>(x)), eval(to<double>(upstream)), f::output64, f::grad_input64, 1e-12);
}

TEST_CASE("softplus_beta2", "[activation]") {
    namespace f = fixtures::softplus_beta2;
    const auto call = [](auto x) { return softplus(x, 2, 20); };
    const auto x = tensor_of<f::input_shape>(f::input), upstream = tensor_of<f::upstream_shape>(f::upstream);
    agrees(call, x, upstream, f::output, f::grad_input, 2e-6);
    agrees(call, eval(to<double>(x)), eval(to<double>(upstream)), f::output64, f::grad_input64, 1e-12);
}
