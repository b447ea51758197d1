// SPDX-License-Identifier: BSL-1.0
// The smooth layers without parameters beside PyTorch.
#include "support/catch.hpp"

#include "fixtures/activations.hpp"
#include "support/fixture.hpp"

namespace nn = ashlar::nn;
using support::agrees;
using support::tensor_of;

TEST_CASE("nn::GELU{} (gelu)", "[nn][activation]") {
    namespace f = fixtures::gelu;
    const auto x = tensor_of<f::input_shape>(f::input), upstream = tensor_of<f::upstream_shape>(f::upstream);
    agrees([](auto input) { return nn::GELU{}(input); }, x, upstream, f::output, f::grad_input, 2e-6);
}

TEST_CASE("nn::GELUTanh{} (gelu_tanh)", "[nn][activation]") {
    namespace f = fixtures::gelu_tanh;
    const auto x = tensor_of<f::input_shape>(f::input), upstream = tensor_of<f::upstream_shape>(f::upstream);
    agrees([](auto input) { return nn::GELUTanh{}(input); }, x, upstream, f::output, f::grad_input, 2e-6);
}

TEST_CASE("nn::SiLU{} (silu)", "[nn][activation]") {
    namespace f = fixtures::silu;
    const auto x = tensor_of<f::input_shape>(f::input), upstream = tensor_of<f::upstream_shape>(f::upstream);
    agrees([](auto input) { return nn::SiLU{}(input); }, x, upstream, f::output, f::grad_input, 2e-6);
}

TEST_CASE("nn::Softplus{} (softplus)", "[nn][activation]") {
    namespace f = fixtures::softplus;
    const auto x = tensor_of<f::input_shape>(f::input), upstream = tensor_of<f::upstream_shape>(f::upstream);
    agrees([](auto input) { return nn::Softplus{}(input); }, x, upstream, f::output, f::grad_input, 2e-6);
}
