// SPDX-License-Identifier: BSL-1.0
// Embedding and EmbeddingBag beside PyTorch; models whose input is a tensor of indices.

#include "fixtures/indexing.hpp"
#include "support/catch.hpp"
#include "support/fixture.hpp"

#include <ashlar/ashlar.hpp>

#include <cmath>
#include <string>

using namespace ashlar;
using support::first_difference;
using support::tensor_of;
namespace indexing = fixtures::indexing;

template <class Layer, class Words, class Upstream>
static void agrees(const Layer& layer, const Words& words, const Upstream& upstream, const float* output,
                   const float* gradient) {
    CHECK(first_difference(eval(layer(words)), output, 1e-6) == -1);
    const auto result = value_and_grad(sum(layer(words) * upstream), layer);
    CHECK(first_difference(result.gradients.weight, gradient, 2e-6) == -1);
}
#define EMBEDDING_AGREES(name, ...)                                                              \
    {                                                                                            \
        namespace f = indexing::name;                                                            \
        __VA_ARGS__ layer{};                                                                     \
        layer.weight = tensor_of<f::weight_shape>(f::weight);                                    \
        agrees(layer, tensor_of<f::words_shape>(f::words), tensor_of<f::upstream_shape>(f::upstream), \
               f::output, f::grad_weight);                                                       \
    }

TEST_CASE("Embedding beside PyTorch", "[nn][embedding]") {
    EMBEDDING_AGREES(embedding, nn::Embedding<6, 3>)
    EMBEDDING_AGREES(embedding_padding, nn::Embedding<6, 3, nn::padding_idx<2>>)
    EMBEDDING_AGREES(embedding_padding, nn::Embedding<6, 3, nn::padding_idx<-4>>)
}

TEST_CASE("EmbeddingBag beside PyTorch", "[nn][embedding]") {
    EMBEDDING_AGREES(bag_sum, nn::EmbeddingBag<6, 3, nn::mode::sum>)
    EMBEDDING_AGREES(bag_mean, nn::EmbeddingBag<6, 3>)
    EMBEDDING_AGREES(bag_max, nn::EmbeddingBag<6, 3, nn::mode::max>)
    EMBEDDING_AGREES(bag_sum_padding, nn::EmbeddingBag<6, 3, nn::mode::sum, nn::padding_idx<2>>)
    EMBEDDING_AGREES(bag_mean_padding, nn::EmbeddingBag<6, 3, nn::padding_idx<2>, nn::mode::mean>)
    EMBEDDING_AGREES(bag_max_padding, nn::EmbeddingBag<6, 3, nn::mode::max, nn::padding_idx<2>>)
    namespace f = indexing::bag_weighted;
    nn::EmbeddingBag<6, 3, nn::mode::sum> layer{};
    layer.weight = tensor_of<f::weight_shape>(f::weight);
    const auto words = tensor_of<f::words_shape>(f::words);
    const auto upstream = tensor_of<f::upstream_shape>(f::upstream);
    const auto at = tensor_of<f::samples_shape>(f::samples);
    const auto samples = variable<"samples">(at);
    CHECK(first_difference(eval(layer(words, at)), f::output, 1e-6) == -1);
    CHECK(first_difference(eval(grad(sum(layer(words, samples) * upstream), samples)), f::grad_samples, 2e-6) == -1);
    const auto result = value_and_grad(sum(layer(words, at) * upstream), layer);
    CHECK(first_difference(result.gradients.weight, f::grad_weight, 2e-6) == -1);
}

TEST_CASE("indices of any rank and of both types, and outside", "[nn][embedding]") {
    const nn::Embedding<6, 3> layer{seed(1)};
    const Tensor<float, 3> one = layer(Tensor<int>{4});
    const Tensor<float, 2, 1, 2, 3> many = layer(Tensor<std::int64_t, 2, 1, 2>{{{0, 5}}, {{-1, 6}}});
    for (ashlar::index k = 0; k < 3; ++k) {
        CHECK(one(k) == layer.weight(4, k));
        CHECK(many(0, 0, 0, k) == layer.weight(0, k));
        CHECK(many(0, 0, 1, k) == layer.weight(5, k));
        CHECK(std::isnan(many(1, 0, 0, k)));
        CHECK(std::isnan(many(1, 0, 1, k)));
    }
    const auto [loss, gradients] = value_and_grad(sum(layer(Tensor<int, 3>{6, -1, 2})), layer);
    CHECK(std::isnan(loss));
    for (ashlar::index i = 0; i < 6; ++i) CHECK(gradients.weight(i, 1) == (i == 2 ? 1 : 0));
}

TEST_CASE("it begins with normal numbers, padding with 0", "[nn][embedding]") {
    static const nn::Embedding<1000, 40> layer{seed(3)};
    double moments[5] = {};
    for (float e : layer.weight)
        for (int k = 1; k < 5; ++k) moments[k] += std::pow(static_cast<double>(e), k) / 40000;
    CHECK(std::abs(moments[1]) < 0.02);
    CHECK(std::abs(moments[2] - 1) < 0.03);
    CHECK(std::abs(moments[3]) < 0.06);
    CHECK(std::abs(moments[4] - 3) < 0.15);
    const nn::Embedding<5, 2, nn::padding_idx<-1>> padded{seed(3)};
    CHECK(padded.weight(4, 0) == 0);
    CHECK(padded.weight(4, 1) == 0);
    CHECK(padded.weight(3, 1) == layer.weight.data()[7]);
    // The same while compiling.
    constexpr nn::Embedding<2, 2> constant{seed(3)};
    for (std::size_t i = 0; i < 4; ++i) CHECK(constant.weight.data()[i] == layer.weight.data()[i]);
}

namespace {
struct Tagger {
    nn::Embedding<30, 8, nn::padding_idx<0>> words;
    nn::EmbeddingBag<12, 8> letters;
    nn::Linear<8, 3> tags;
    using members = ashlar::members<&Tagger::words, &Tagger::letters, &Tagger::tags>;
    constexpr auto operator()(expression auto word, expression auto spelling) const {
        return tags(relu(words(word) + letters(spelling)));
    }
};
}  // namespace

TEST_CASE("models whose input is a tensor of indices learn", "[nn][embedding]") {
    using Model = nn::Sequential<nn::Embedding<20, 6>, nn::Flatten, nn::Linear<18, 4>>;
    static Model model{seed(2)};
    Tensor<int, 16, 3> x;
    Tensor<int, 16> y;
    for (int i = 0; i < 48; ++i) x.data()[i] = i * 7 % 20;
    for (int i = 0; i < 16; ++i) y(i) = x(i, 0) % 4;
    nn::CrossEntropyLoss criterion;
    static optim::Adam adam{model, {.lr = 0.05}};
    float last = 0;
    for (int i = 0; i < 60; ++i) last = adam.step(criterion(model(x), y));
    CHECK(last < 0.1f);
    CHECK(std::string{summary<Model, Tensor<int, 16, 3>>().c_str()}.find("Embedding<20, 6>") != std::string::npos);
    CHECK(std::string{detail::paths_of<Model>[0]} == "0.weight");
    const auto fast = compile(model);
    CHECK(first_difference(eval(fast(x)), eval(model(x)).data(), 1e-5) == -1);

    static Tagger tagger{};
    initialize(tagger, seed(4));
    Tensor<std::int64_t, 5> word{1, 7, 0, 29, 7};
    Tensor<int, 5, 2> spelling{{0, 1}, {3, 3}, {4, 11}, {5, 2}, {3, 3}};
    const Tensor<int, 5> tag{0, 1, 2, 1, 1};
    static optim::SGD sgd{tagger, {.lr = 0.2}};
    for (int i = 0; i < 300; ++i) last = sgd.step(criterion(call(tagger, word, spelling), tag));
    CHECK(last < 0.1f);
    for (ashlar::index k = 0; k < 8; ++k) CHECK(tagger.words.weight(0, k) == 0);
}
