// SPDX-License-Identifier: BSL-1.0
// The layers without parameters beside PyTorch.
#include "support/catch.hpp"

#include "fixtures/activations.hpp"
#include "support/fixture.hpp"

namespace nn = ashlar::nn;
using support::agrees;
using support::tensor_of;

TEST_CASE("nn::ReLU{} (relu)", "[nn][activation]") {
    namespace f = fixtures::relu;
    const auto x = tensor_of<f::input_shape>(f::input), upstream = tensor_of<f::upstream_shape>(f::upstream);
    agrees([](auto input) { return nn::ReLU{}(input); }, x, upstream, f::output, f::grad_input, 2e-6);
}

TEST_CASE("nn::LeakyReLU{} (leaky_relu)", "[nn][activation]") {
    namespace f = fixtures::leaky_relu;
    const auto x = tensor_of<f::input_shape>(f::input), upstream = tensor_of<f::upstream_shape>(f::upstream);
    agrees([](auto input) { return nn::LeakyReLU{}(input); }, x, upstream, f::output, f::grad_input, 2e-6);
}

TEST_CASE("nn::LeakyReLU{0.2f} (leaky_relu_02)", "[nn][activation]") {
    namespace f = fixtures::leaky_relu_02;
    const auto x = tensor_of<f::input_shape>(f::input), upstream = tensor_of<f::upstream_shape>(f::upstream);
    agrees([](auto input) { return nn::LeakyReLU{0.2f}(input); }, x, upstream, f::output, f::grad_input, 2e-6);
}

TEST_CASE("nn::Tanh{} (tanh)", "[nn][activation]") {
    namespace f = fixtures::tanh;
    const auto x = tensor_of<f::input_shape>(f::input), upstream = tensor_of<f::upstream_shape>(f::upstream);
    agrees([](auto input) { return nn::Tanh{}(input); }, x, upstream, f::output, f::grad_input, 2e-6);
}

TEST_CASE("nn::Sigmoid{} (sigmoid)", "[nn][activation]") {
    namespace f = fixtures::sigmoid;
    const auto x = tensor_of<f::input_shape>(f::input), upstream = tensor_of<f::upstream_shape>(f::upstream);
    agrees([](auto input) { return nn::Sigmoid{}(input); }, x, upstream, f::output, f::grad_input, 2e-6);
}
