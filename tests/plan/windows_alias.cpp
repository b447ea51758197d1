// SPDX-License-Identifier: BSL-1.0
// Results of convolutions and pools over their own inputs.
#include <ashlar/ashlar.hpp>

#include "support/catch.hpp"

#include <cmath>

namespace nn = ashlar::nn;
using ashlar::Tensor;

namespace {

template <class X> X waves() {
    X x;
    for (std::size_t i = 0; i < x.size(); ++i) x.data()[i] = std::sin(0.3f + 1.7f * static_cast<float>(i));
    return x;
}

}  // namespace

TEST_CASE("an image is overwritten by its own convolution") {
    const nn::Conv2d<2, 2, 3, nn::padding<1>> layer{ashlar::seed(1)};
    auto x = waves<Tensor<float, 3, 2, 8, 8>>();
    const Tensor<float, 3, 2, 8, 8> expected = relu(layer(x)) + x;
    x = relu(layer(x)) + x;
    CHECK(x == expected);
}

TEST_CASE("and by its own pool") {
    auto x = waves<Tensor<float, 2, 3, 5, 7>>();
    const Tensor<float, 2, 3, 5, 7> expected = nn::MaxPool2d<3, nn::stride<1>, nn::padding<1>>{}(x);
    x = nn::MaxPool2d<3, nn::stride<1>, nn::padding<1>>{}(x);
    CHECK(x == expected);
}

TEST_CASE("images that are not contiguous are copied first") {
    const nn::Conv2d<2, 3, 3> layer{ashlar::seed(1)};
    const auto x = waves<Tensor<float, 2, 2, 9, 12>>();
    const Tensor<float, 2, 2, 12, 9> turned = transpose(x);
    const Tensor<float, 2, 3, 10, 7> expected = layer(turned);
    CHECK(ashlar::eval(layer(transpose(x))) == expected);
    const Tensor<float, 2, 2, 9, 6> part = slice<3, 2, 8>(x);
    CHECK(ashlar::eval(layer(slice<3, 2, 8>(x))) == ashlar::eval(layer(part)));
}
