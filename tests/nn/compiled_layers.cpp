// SPDX-License-Identifier: BSL-1.0
// labels: widths
// Networks of layers over images, and their compiled forms, beside plain loops in double. Where a
// wide Linear comes after windows and Flatten, its weight lies in panels, and what it multiplies
// is a reshape of what the windows gave. Every layer before every other: tests/run models --pairs.
#include "support/catch.hpp"
#include "support/plain_training.hpp"

#include <memory>

namespace nn = ashlar::nn;
namespace plain = support::plain;
using ashlar::Tensor;

// Reads the matrix of a layer, which lies in panels, as a row of its elements.
struct InOneRow {
    nn::Linear<24, 96> layer;
    constexpr auto operator()(ashlar::expression auto x) const {
        return layer(x) + sum(reshape<96 * 24>(transpose(layer.weight)) * 3);
    }
};
BOOST_HANA_ADAPT_STRUCT(InOneRow, layer);

static plain::tensor run(const InOneRow& m, const plain::tensor& x, plain::parameters& p) {
    plain::tensor y = run(m.layer, x, p);
    plain::number sum = 0;
    for (const float w : m.layer.weight) sum = sum + static_cast<double>(w);
    for (plain::number& v : y.at) v = v + sum * 3;
    return y;
}

namespace {

/// Checks the model and its compiled form on an input of these extents.
template <class Model, std::size_t... Dims> void holds() {
    const auto model = std::make_unique<Model>();
    initialize(*model, ashlar::seed(3));
    const auto x = std::make_unique<Tensor<float, Dims...>>();
    ashlar::generator random{ashlar::seed(4)};
    fill_uniform(*x, random, 1.5f);
    plain::tensor at{{Dims...}};
    for (std::size_t i = 0; i < x->size(); ++i) at.at[i] = static_cast<double>(x->data()[i]);
    const plain::expectation expected =
        plain::expected_values([&](const plain::tensor& in, plain::parameters& p) { return run(*model, in, p); }, at);

    const auto value = ashlar::eval(call(*model, *x));
    CHECK(expected.first_difference(value.data(), value.size()) == -1);
    const auto compiled = std::make_unique<ashlar::Compiled<Model>>(*model);
    const auto same = ashlar::eval((*compiled)(*x));
    CHECK(expected.first_difference(same.data(), same.size()) == -1);
}

}  // namespace

TEST_CASE("windows before a matrix in panels", "[compiled]") {
    holds<nn::Sequential<nn::MaxPool2d<2>, nn::Flatten, nn::Linear<196, 32>>, 1, 1, 28, 28>();
    holds<nn::Sequential<nn::Conv2d<1, 2, 3>, nn::Flatten, nn::Linear<72, 64>>, 2, 1, 8, 8>();
    holds<nn::Sequential<nn::AvgPool2d<2>, nn::Conv2d<2, 3, 3, nn::padding<1>>, nn::ReLU, nn::Flatten,
                         nn::Linear<48, 128>>,
          3, 2, 8, 8>();
    holds<nn::Sequential<nn::Conv1d<2, 3, 3>, nn::MaxPool1d<2>, nn::Flatten, nn::Linear<21, 96>, nn::GELU,
                         nn::Linear<96, 64>>,
          2, 2, 16>();
}

TEST_CASE("reductions before a matrix in panels", "[compiled]") {
    holds<nn::Sequential<nn::AdaptiveAvgPool2d<3>, nn::Softmax<-1>, nn::Flatten, nn::Linear<18, 64>>, 2, 2, 7, 7>();
    holds<nn::Sequential<nn::Linear<8, 64>, nn::MaxPool2d<2>, nn::Softmax<1>, nn::Flatten, nn::Linear<128, 96>,
                         nn::Sigmoid>,
          1, 2, 4, 8>();
    holds<nn::Sequential<nn::AvgPool1d<3>, nn::Residual<nn::Linear<5, 64>, nn::Tanh, nn::Linear<64, 5>>, nn::Flatten,
                         nn::Linear<10, 32>>,
          3, 2, 15>();
}

TEST_CASE("LeNet", "[compiled]") {
    holds<nn::Sequential<nn::Conv2d<1, 6, 5>, nn::ReLU, nn::MaxPool2d<2>, nn::Conv2d<6, 16, 5>, nn::ReLU,
                         nn::MaxPool2d<2>, nn::Flatten, nn::Linear<256, 120>, nn::ReLU, nn::Linear<120, 84>, nn::ReLU,
                         nn::Linear<84, 10>>,
          1, 1, 28, 28>();
}

TEST_CASE("transposed convolutions, larger than a tile", "[compiled]") {
    holds<nn::Sequential<nn::Conv2d<1, 7, 3, nn::stride<2>, nn::padding<1>>, nn::ReLU,
                         nn::ConvTranspose2d<7, 5, 3, nn::stride<2>, nn::padding<1>, nn::output_padding<1>>, nn::Tanh,
                         nn::ConvTranspose2d<5, 10, nn::kernel<2, 3>, nn::dilation<2, 1>, nn::groups<5>, nn::no_bias>>,
          2, 1, 12, 37>();
    holds<nn::Sequential<nn::ConvTranspose2d<9, 1, 1, nn::stride<3, 2>>, nn::Flatten, nn::Linear<68, 64>>, 3, 9, 2,
          9>();
    holds<nn::Sequential<nn::ConvTranspose1d<3, 4, 7, nn::stride<3>, nn::padding<4>, nn::output_padding<2>>,
                         nn::Sigmoid, nn::MaxPool1d<2>>,
          3, 21>();
}

TEST_CASE("a matrix in panels that is read as a row", "[compiled]") {
    holds<InOneRow, 5, 24>();
    holds<InOneRow, 24>();
}
