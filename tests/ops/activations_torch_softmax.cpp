// SPDX-License-Identifier: BSL-1.0
// Activations, in float and in double, beside PyTorch's values and gradients.

#include "fixtures/activations.hpp"
#include "support/fixture.hpp"

using namespace ashlar;
using support::agrees;
using support::tensor_of;

TEST_CASE("softmax_dim0", "[activation]") {
    namespace f = fixtures::softmax_dim0;
    const auto call = [](auto x) { return softmax<0>(x); };
    const auto x = tensor_of<f::input_shape>(f::input), upstream = tensor_of<f::upstream_shape>(f::upstream);
    agrees(call, x, upstream, f::output, f::grad_input, 2e-6);
    agrees(call, eval(to<double>(x)), eval(to<double>(upstream)), f::output64, f::grad_input64, 1e-12);
}

TEST_CASE("softmax_dim1", "[activation]") {
    namespace f = fixtures::softmax_dim1;
    const auto call = [](auto x) { return softmax<1>(x); };
    const auto x = tensor_of<f::input_shape>(f::input), upstream = tensor_of<f::upstream_shape>(f::upstream);
    agrees(call, x, upstream, f::output, f::grad_input, 2e-6);
    agrees(call, eval(to<double>(x)), eval(to<double>(upstream)), f::output64, f::grad_input64, 1e-12);
}

TEST_CASE("log_softmax_dim0", "[activation]") {
    namespace f = fixtures::log_softmax_dim0;
    const auto call = [](auto x) { return log_softmax<0>(x); };
    const auto x = tensor_of<f::input_shape>(f::input), upstream = tensor_of<f::upstream_shape>(f::upstream);
    agrees(call, x, upstream, f::output, f::grad_input, 2e-6);
    agrees(call, eval(to<double>(x)), eval(to<double>(upstream)), f::output64, f::grad_input64, 1e-12);
}

TEST_CASE("log_softmax_dim1", "[activation]") {
    namespace f = fixtures::log_softmax_dim1;
    const auto call = [](auto x) { return log_softmax<1>(x); };
    const auto x = tensor_of<f::input_shape>(f::input), upstream = tensor_of<f::upstream_shape>(f::upstream);
    agrees(call, x, upstream, f::output, f::grad_input, 2e-6);
    agrees(call, eval(to<double>(x)), eval(to<double>(upstream)), f::output64, f::grad_input64, 1e-12);
}
