// SPDX-License-Identifier: BSL-1.0
// labels: slow
// Transformer layers of double beside PyTorch: values, gradients of inputs and parameters, and three steps each of SGD
// and of Adam.
#include "support/catch.hpp"

#include "support/trained_layers.hpp"

namespace f = fixtures::trained_layers;
namespace nn = ashlar::nn;
using ashlar::Tensor;
using nn::real;
using support::trains_as;

TEST_CASE("an encoder's layer", "[nn]") {
    nn::TransformerEncoderLayer<3, 1, 2, nn::no_dropout, real<double>> model;
    trains_as<Tensor<double, 4, 2, 3>, Tensor<double, 4, 2, 3>>(f::encoder, model);
}

TEST_CASE("a decoder's layer", "[nn]") {
    nn::TransformerDecoderLayer<2, 1, 2, nn::no_dropout, nn::norm_first, real<double>> model;
    trains_as<Tensor<double, 3, 1, 2>, Tensor<double, 3, 1, 2>, Tensor<double, 2, 1, 2>>(f::decoder, model);
}
