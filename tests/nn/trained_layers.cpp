// SPDX-License-Identifier: BSL-1.0
// labels: slow
// Layers with parameters, of float and of double, beside PyTorch in double: values, gradients of inputs and parameters,
// and three steps each of SGD and of Adam.
#include "support/catch.hpp"

#include "support/trained_layers.hpp"

namespace f = fixtures::trained_layers;
namespace nn = ashlar::nn;
using ashlar::Tensor;
using support::trains_as;

TEMPLATE_TEST_CASE("linear layers", "[nn]", float, double) {
    using T = TestType;
    using real = nn::real<T>;
    nn::Linear<4, 3, real> linear;
    trains_as<Tensor<T, 5, 3>, Tensor<T, 5, 4>>(f::linear, linear);
    nn::Bilinear<3, 2, 2, real> bilinear;
    trains_as<Tensor<T, 4, 2>, Tensor<T, 4, 3>, Tensor<T, 4, 2>>(f::bilinear, bilinear);
}

TEMPLATE_TEST_CASE("a model, whose option is no number of float", "[nn]", float, double) {
    using T = TestType;
    using real = nn::real<T>;
    nn::Sequential<nn::Linear<3, 4, real>, nn::Tanh, nn::Linear<4, 2, nn::no_bias, real>, nn::LeakyReLU> model;
    model.template get<3>().negative_slope = 0.1;
    trains_as<Tensor<T, 5, 2>, Tensor<T, 5, 3>>(f::perceptron, model);
}

TEMPLATE_TEST_CASE("PReLU", "[nn]", float, double) {
    using T = TestType;
    nn::PReLU<3, nn::real<T>> model;
    trains_as<Tensor<T, 4, 3>, Tensor<T, 4, 3>>(f::prelu, model);
}

TEMPLATE_TEST_CASE("embeddings", "[nn]", float, double) {
    using T = TestType;
    using real = nn::real<T>;
    using indices = Tensor<int, 2, 3>;
    nn::Embedding<5, 3, nn::padding_idx<1>, real> table;
    trains_as<Tensor<T, 2, 3, 3>, indices>(f::embedding, table);
    nn::EmbeddingBag<5, 3, nn::padding_idx<2>, real> bag;
    trains_as<Tensor<T, 2, 3>, indices>(f::embedding_bag, bag);
    nn::EmbeddingBag<4, 2, nn::mode::sum, real> weighted;
    trains_as<Tensor<T, 2, 2>, indices, Tensor<T, 2, 3>>(f::embedding_bag_sum, weighted);
}
