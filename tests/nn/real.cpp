// SPDX-License-Identifier: BSL-1.0
// Layers of double: types, initial values, inference in all its forms, sizes and summaries.
#include "support/catch.hpp"

#include "support/compare.hpp"

#include <ashlar/ashlar.hpp>

#include <sstream>

namespace nn = ashlar::nn;
using ashlar::Shape;
using ashlar::Tensor;

namespace {

using Float = nn::Sequential<nn::Linear<3, 5>, nn::Tanh, nn::Linear<5, 2>>;
using Double =
    nn::Sequential<nn::Linear<3, 5, nn::real<double>>, nn::Tanh, nn::Linear<5, 2, nn::no_bias, nn::real<double>>>;
constexpr Tensor<double, 2, 3> x{{0.1, -0.7, 1.3}, {2, 0, -0.3}};

static_assert(std::same_as<nn::Linear<3, 5>::real_type, float>);
static_assert(std::same_as<nn::Linear<3, 5, nn::real<float>>::real_type, float>);
static_assert(std::same_as<decltype(nn::Linear<3, 5, nn::real<double>>::bias), Tensor<double, 5>>);

// y = tanh(x W^T + b) V^T.
template <class Model> void is_computed_in_double(const Model& model, const Tensor<double, 2, 2>& y) {
    const auto& first = model.template get<0>();
    const auto& last = model.template get<2>();
    for (std::size_t n = 0; n < 2; ++n)
        for (std::size_t o = 0; o < 2; ++o) {
            double sum = 0;
            for (std::size_t h = 0; h < 5; ++h) {
                double inner = first.bias(h);
                for (std::size_t i = 0; i < 3; ++i) inner += x(n, i) * first.weight(h, i);
                sum += std::tanh(inner) * last.weight(o, h);
            }
            CHECK(support::close(y(n, o), sum, 1e-15));
        }
}

// Every floating tensor of a layer is of its type.
template <class T, class... Layers> consteval bool all_of() {
    bool all = true;
    const auto look = [&all]<class Layer>(std::type_identity<Layer>) {
        int tensors = 0;
        ashlar::for_each_leaf(ashlar::detail::shadow<Layer>.model, [&]<class Leaf>(Leaf&) {
            if constexpr (ashlar::is_tensor<Leaf> || ashlar::is_buffer<Leaf>) {
                using type = typename Leaf::value_type;
                ++tensors;
                all = all && (std::same_as<type, T> || std::integral<type>);
            }
        });
        all = all && tensors > 0 && std::same_as<typename Layer::real_type, T>;
    };
    (look(std::type_identity<Layers>{}), ...);
    return all;
}
template <class T, class Real = nn::real<T>> inline constexpr bool all_layers_are_of =
    all_of<T, nn::Linear<4, 8, Real>, nn::Linear<4, 8, nn::no_bias, Real>, nn::Bilinear<2, 3, 4, Real>,
           nn::BatchNorm1d<4, Real>, nn::BatchNorm2d<4, Real>, nn::BatchNorm3d<4, nn::no_affine, Real>,
           nn::LayerNorm<4, Real{}>, nn::LayerNorm<2, 3, Real{}>, nn::RMSNorm<4, Real{}>, nn::GroupNorm<2, 4, Real>,
           nn::InstanceNorm1d<4, nn::affine, Real>, nn::InstanceNorm2d<4, nn::affine, Real>, nn::PReLU<3, Real>,
           nn::Embedding<4, 2, Real>, nn::EmbeddingBag<4, 2, Real>, nn::MultiheadAttention<4, 2, Real>,
           nn::MultiheadAttention<4, 2, nn::kdim<3>, Real>, nn::TransformerEncoderLayer<4, 2, 8, Real>,
           nn::TransformerDecoderLayer<4, 2, 8, Real>, nn::SinusoidalEncoding<3, 4, Real>>();
static_assert(all_layers_are_of<double> && all_layers_are_of<float>);
static_assert(all_of<float, nn::Linear<4, 8>, nn::BatchNorm1d<4>, nn::LayerNorm<4>, nn::RMSNorm<4>, nn::PReLU<>,
                     nn::Embedding<4, 2>, nn::MultiheadAttention<4, 2>, nn::TransformerEncoderLayer<4, 2, 8>>());
static_assert(std::same_as<nn::LayerNorm<2, 3, nn::real<double>{}>::real_type, double> &&
              nn::LayerNorm<2, 3, nn::real<double>{}>::normalized_shape == Shape<2, 3>::value);

}  // namespace

TEST_CASE("a table of positions is of double", "[nn]") {
    const nn::SinusoidalEncoding<3, 4, nn::real<double>> encoding;
    const Tensor<double, 3, 4> y = encoding(Tensor<double, 3, 4>::zeros());
    for (std::size_t t = 0; t < 3; ++t)
        for (std::size_t i = 0; i < 4; ++i) {
            const double angle = static_cast<double>(t) * std::pow(10000.0, i < 2 ? 0.0 : -0.5);
            CHECK(support::close(y(t, i), i % 2 == 0 ? std::sin(angle) : std::cos(angle), 1e-15));
        }
}

TEST_CASE("a model of double computes in double", "[nn]") {
    const Double model{ashlar::seed(3)};
    static_assert(std::same_as<decltype(model(x))::value_type, double>);
    is_computed_in_double(model, ashlar::eval(model(x)));
    const auto compiled = ashlar::compile(model);
    is_computed_in_double(model, ashlar::eval(compiled(x)));
    is_computed_in_double(model, ashlar::eval(ashlar::training(model)(x)));
    constexpr Double constant{ashlar::seed(3)};
    constexpr Tensor<double, 2, 2> y = constant(x);
    is_computed_in_double(constant, y);
}

TEST_CASE("a layer of double takes whole numbers", "[nn]") {
    nn::Linear<2, 1, nn::real<double>> layer;
    layer.weight = Tensor<double, 1, 2>{{0.1, 1}};
    layer.bias = Tensor<double, 1>{0.5};
    CHECK(ashlar::eval(layer(Tensor<int, 2>{1, 2})) == Tensor<double, 1>{0.1 + 2.5});
}

TEST_CASE("a seed gives the numbers of the float model before they are rounded", "[nn]") {
    const nn::Linear<7, 5> single{ashlar::seed(1)};
    const nn::Linear<7, 5, nn::real<double>> twice{ashlar::seed(1)};
    bool rounded = false;
    for (std::size_t i = 0; i < twice.weight.size(); ++i) {
        const double w = twice.weight.data()[i];
        CHECK(support::ulps(static_cast<float>(w), single.weight.data()[i]) <= 1);
        rounded = rounded || w != static_cast<double>(static_cast<float>(w));
    }
    CHECK(rounded);
}

TEST_CASE("sizes and summaries of double", "[nn]") {
    static_assert(ashlar::parameter_count<Double> == 30 && sizeof(Double) >= 240);
    static_assert(ashlar::flops<Double, Shape<2, 3>> == ashlar::flops<Double, Tensor<double, 2, 3>>);
    static_assert(ashlar::workspace_bytes<Double, Shape<2, 3>> == 2 * ashlar::workspace_bytes<Float, Shape<2, 3>>);
    static_assert(ashlar::peak_bytes<Double, Shape<2, 3>> ==
                  sizeof(Double) + sizeof(x) + 8 * 4 + ashlar::workspace_bytes<Double, Shape<2, 3>>);
    std::ostringstream text;
    text << ashlar::summary<Double, Shape<2, 3>>();
    CHECK(text.str().find("Linear<5, 2, no_bias, real<double>>  (2, 2)") != std::string::npos);
}

TEST_CASE("layers without parameters keep double, and their options are double", "[nn]") {
    nn::Dropout dropout{.p = 0.1};
    nn::LeakyReLU leaky{0.3};
    nn::Softplus softplus{.beta = 0.7};
    const Tensor<double, 64> ones = Tensor<double, 64>::ones();
    const Tensor<double, 64> dropped = ashlar::training(dropout)(ones);
    int gone = 0;
    for (const double y : dropped) {
        gone += y == 0;
        CHECK((y == 0 || y == 1 / (1 - 0.1)));
    }
    CHECK((gone > 0 && gone < 32));
    CHECK(ashlar::eval(dropout(ones)) == ones);
    const Tensor<double, 2> at{-0.1, 1.3};
    CHECK(ashlar::eval(leaky(at)) == Tensor<double, 2>{-0.1 * 0.3, 1.3});
    CHECK(support::close(ashlar::eval(softplus(at))(0), std::log1p(std::exp(-0.1 * 0.7)) / 0.7, 1e-15));
    static_assert(std::same_as<decltype(nn::Flatten{}(nn::Softmax<0>{}(at)))::value_type, double>);
}

TEST_CASE("AlphaDropout in double", "[nn]") {
    nn::AlphaDropout layer{.p = 0.1};
    const Tensor<double, 64> at = Tensor<double, 64>::full(0.7);
    const double s = 1.7580993408473766, a = 1 / std::sqrt(0.9 * (1 + 0.1 * s * s)), b = a * s * 0.1;
    for (const double y : ashlar::eval(ashlar::training(layer)(at)))
        CHECK((support::close(y, a * 0.7 + b, 1e-15) || support::close(y, -a * s + b, 1e-15)));
}

TEST_CASE("losses in double, and their options", "[nn]") {
    const Tensor<double, 2, 3> logits{{0.3, -1.1, 0.7}, {1.9, 0.2, -0.4}};
    const Tensor<int, 2> labels{2, 1};
    double expected = 0;
    for (std::size_t n = 0; n < 2; ++n) {
        double total = 0;
        for (std::size_t c = 0; c < 3; ++c) total += std::exp(logits(n, c));
        for (std::size_t c = 0; c < 3; ++c) {
            const double target = 0.1 / 3 + (c == static_cast<std::size_t>(labels(n)) ? 0.9 : 0);
            expected -= target * (logits(n, c) - std::log(total)) / 2;
        }
    }
    const double got = nn::CrossEntropyLoss{.label_smoothing = 0.1}(logits, labels);
    CHECK(support::close(got, expected, 1e-15));
    const Tensor<double, 3> a{0.1, -2, 0.45}, b{0, 0, 0.2};
    const double huber = nn::HuberLoss{.delta = 0.3}(a, b), smooth = nn::SmoothL1Loss{.beta = 0.3}(a, b);
    CHECK(support::close(huber, (0.5 * 0.01 + 0.3 * (2 - 0.15) + 0.5 * 0.25 * 0.25) / 3, 1e-15));
    CHECK(support::close(smooth, huber / 0.3, 1e-15));
}
