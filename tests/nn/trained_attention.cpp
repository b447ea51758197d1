// SPDX-License-Identifier: BSL-1.0
// labels: slow
// Attention of float and of double beside PyTorch in double: values, gradients of inputs and parameters, and three
// steps each of SGD and of Adam.
#include "support/catch.hpp"

#include "support/trained_layers.hpp"

namespace f = fixtures::trained_layers;
namespace nn = ashlar::nn;
using ashlar::Tensor;
using support::trains_as;

TEMPLATE_TEST_CASE("attention to itself", "[nn]", float, double) {
    using T = TestType;
    nn::MultiheadAttention<2, 2, nn::real<T>> model;
    trains_as<Tensor<T, 3, 2, 2>, Tensor<T, 3, 2, 2>>(f::attention, model);
}

TEMPLATE_TEST_CASE("attention to others of another width", "[nn]", float, double) {
    using T = TestType;
    nn::MultiheadAttention<4, 2, nn::no_bias, nn::kdim<3>, nn::vdim<3>, nn::real<T>> model;
    const auto across = [](auto& m, const auto& q, const auto& k) { return m(q, k, k); };
    trains_as<Tensor<T, 2, 1, 4>, Tensor<T, 2, 1, 4>, Tensor<T, 3, 1, 3>>(f::attention_across, model, across);
}
