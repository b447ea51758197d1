// SPDX-License-Identifier: BSL-1.0
// Softmax and a steeper Softplus as layers, beside PyTorch.
#include "support/catch.hpp"

#include "fixtures/activations.hpp"
#include "support/fixture.hpp"

namespace nn = ashlar::nn;
using support::agrees;
using support::tensor_of;

TEST_CASE("nn::Softplus{.beta = 2} (softplus_beta2)", "[nn][activation]") {
    namespace f = fixtures::softplus_beta2;
    const auto x = tensor_of<f::input_shape>(f::input), upstream = tensor_of<f::upstream_shape>(f::upstream);
    agrees([](auto input) { return nn::Softplus{.beta = 2}(input); }, x, upstream, f::output, f::grad_input, 2e-6);
}

TEST_CASE("nn::Softmax<0>{} (softmax_dim0)", "[nn][activation]") {
    namespace f = fixtures::softmax_dim0;
    const auto x = tensor_of<f::input_shape>(f::input), upstream = tensor_of<f::upstream_shape>(f::upstream);
    agrees([](auto input) { return nn::Softmax<0>{}(input); }, x, upstream, f::output, f::grad_input, 2e-6);
}

TEST_CASE("nn::Softmax<1>{} (softmax_dim1)", "[nn][activation]") {
    namespace f = fixtures::softmax_dim1;
    const auto x = tensor_of<f::input_shape>(f::input), upstream = tensor_of<f::upstream_shape>(f::upstream);
    agrees([](auto input) { return nn::Softmax<1>{}(input); }, x, upstream, f::output, f::grad_input, 2e-6);
}
