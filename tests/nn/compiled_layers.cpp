// SPDX-License-Identifier: BSL-1.0
// labels: widths
// compile(model) of networks over images. Where a wide Linear comes after windows and Flatten, its weight lies in panels, and
// what it multiplies is a reshape of what the windows gave.
#include "support/catch.hpp"

#include <ashlar/ashlar.hpp>

#include <cmath>
#include <memory>

namespace nn = ashlar::nn;
using ashlar::Tensor;

// Reads the matrix of a layer, which lies in panels, as a row of its elements.
struct InOneRow {
    nn::Linear<24, 96> layer;
    constexpr auto operator()(ashlar::expression auto x) const { return layer(x) + sum(reshape<96 * 24>(transpose(layer.weight)) * 3); }
};
BOOST_HANA_ADAPT_STRUCT(InOneRow, layer);

namespace {

template <class Model, std::size_t... Dims> double difference() {
    const auto model = std::make_unique<Model>();
    initialize(*model, ashlar::seed(3));
    const auto fast = std::make_unique<ashlar::Compiled<Model>>(*model);
    const auto x = std::make_unique<Tensor<float, Dims...>>();
    for (std::size_t i = 0; i < x->size(); ++i) x->data()[i] = static_cast<float>(std::sin(static_cast<double>(i) * 0.7));
    const auto want = ashlar::eval(call(*model, *x)), got = ashlar::eval((*fast)(*x));
    double most = 0;
    for (std::size_t i = 0; i < want.size(); ++i) {
        const double d = std::abs(static_cast<double>(want.data()[i]) - static_cast<double>(got.data()[i]));
        most = d > most || d != d ? d : most;
    }
    return most;
}

}  // namespace

TEST_CASE("windows before a matrix in panels", "[compiled]") {
    CHECK(difference<nn::Sequential<nn::MaxPool2d<2>, nn::Flatten, nn::Linear<196, 32>>, 1, 1, 28, 28>() < 1e-6);
    CHECK(difference<nn::Sequential<nn::MaxPool2d<2>, nn::Flatten, nn::Linear<49, 128>>, 3, 1, 14, 14>() < 1e-6);
    CHECK(difference<nn::Sequential<nn::Conv2d<1, 2, 3>, nn::Flatten, nn::Linear<72, 64>>, 2, 1, 8, 8>() < 1e-6);
}

TEST_CASE("LeNet", "[compiled]") {
    using model_type = nn::Sequential<nn::Conv2d<1, 6, 5>, nn::ReLU, nn::MaxPool2d<2>, nn::Conv2d<6, 16, 5>, nn::ReLU, nn::MaxPool2d<2>, nn::Flatten,
                                      nn::Linear<256, 120>, nn::ReLU, nn::Linear<120, 84>, nn::ReLU, nn::Linear<84, 10>>;
    CHECK(difference<model_type, 1, 1, 28, 28>() < 1e-6);
    CHECK(difference<model_type, 5, 1, 28, 28>() < 1e-6);
}

TEST_CASE("a matrix in panels that is read as a row", "[compiled]") {
    CHECK(difference<InOneRow, 5, 24>() < 1e-4);
    CHECK(difference<InOneRow, 24>() < 1e-4);
}
