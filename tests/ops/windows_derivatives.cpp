// SPDX-License-Identifier: BSL-1.0
// First and second derivatives of convolutions and pools beside central differences, in double.
#include "support/central_difference.hpp"

#include "support/catch.hpp"

namespace nn = ashlar::nn;
using ashlar::Tensor;

namespace {

template <class Layer> constexpr ashlar::windows stated = Layer::stated;
using Strided = nn::Conv2d<4, 6, 3, nn::stride<2>, nn::padding<1>, nn::groups<2>>;
using Uneven = nn::Conv2d<1, 2, nn::kernel<2, 3>, nn::stride<1, 2>, nn::padding<1, 0>, nn::dilation<2, 1>>;

template <std::size_t... Dims> Tensor<double, Dims...> waves(double start) {
    Tensor<double, Dims...> t;
    for (std::size_t i = 0; i < t.size(); ++i)
        t.data()[i] = std::sin(start + 1.7 * static_cast<double>(i) + 0.01 * static_cast<double>(i * i));
    return t;
}

}  // namespace

TEST_CASE("convolutions, of the image and of the weight") {
    const auto image = waves<2, 4, 5, 6>(0.3);
    const auto weight = waves<6, 2, 3, 3>(1.1);
    CHECK(support::central_difference_error(
              [&](const auto& x) { return nn::detail::convolve<stated<Strided>>(x, weight); }, image) < 1e-8);
    CHECK(support::central_difference_error(
              [&](const auto& w) { return nn::detail::convolve<stated<Strided>>(image, w); }, weight) < 1e-8);
    const auto other = waves<2, 1, 4, 9>(0.7);
    const auto kernel = waves<2, 1, 2, 3>(0.2);
    CHECK(support::central_difference_error(
              [&](const auto& x) { return nn::detail::convolve<stated<Uneven>>(x, kernel); }, other) < 1e-8);
    CHECK(support::central_difference_error(
              [&](const auto& w) { return nn::detail::convolve<stated<Uneven>>(other, w); }, kernel) < 1e-8);
}

TEST_CASE("the derivatives of a convolution's derivatives") {
    const auto image = waves<2, 1, 4, 9>(0.7);
    const auto weight = waves<2, 1, 2, 3>(0.2);
    // Squares, so that the gradient is a function of the image and of the weight.
    const auto gradient_of_image = [&](const auto& x) {
        const auto y = nn::detail::convolve<stated<Uneven>>(x, weight);
        return grad(sum(y * y * y), x);
    };
    CHECK(support::central_difference_error(gradient_of_image, image) < 1e-7);
    const auto gradient_of_weight = [&](const auto& w) {
        const auto y = nn::detail::convolve<stated<Uneven>>(image, w);
        return grad(sum(y * y * y), w);
    };
    CHECK(support::central_difference_error(gradient_of_weight, weight) < 1e-7);
    const auto w = ashlar::variable<"w">(weight);
    const auto mixed = [&](const auto& x) {
        const auto y = nn::detail::convolve<stated<Uneven>>(x, w);
        return grad(sum(y * y), w);
    };
    CHECK(support::central_difference_error(mixed, image) < 1e-7);
}

TEST_CASE("pools") {
    const auto image = waves<2, 2, 5, 7>(0.4);
    CHECK(support::central_difference_error(
              [](const auto& x) { return nn::MaxPool2d<3, nn::stride<2>, nn::padding<1>>{}(x); }, image) < 1e-8);
    CHECK(support::central_difference_error([](const auto& x) { return nn::MaxPool2d<2>{}(x); }, image) < 1e-8);
    CHECK(support::central_difference_error(
              [](const auto& x) { return nn::AvgPool2d<3, nn::stride<2>, nn::padding<1>>{}(x); }, image) < 1e-8);
    CHECK(support::central_difference_error([](const auto& x) { return nn::AdaptiveAvgPool2d<2, 3>{}(x); }, image) <
          1e-8);
}

TEST_CASE("the derivatives of a pool's derivatives") {
    const auto image = waves<1, 2, 5, 7>(0.4);
    const auto gradient = [](const auto& x) {
        const auto y = nn::MaxPool2d<3, nn::stride<2>, nn::padding<1>>{}(x * x * x);
        return grad(sum(y * y), x);
    };
    CHECK(support::central_difference_error(gradient, image) < 1e-7);
    const auto third = [](const auto& x) {
        const auto y = nn::MaxPool2d<2>{}(x * x * x);
        return grad(sum(grad(sum(y * y), x)), x);
    };
    CHECK(support::central_difference_error(third, image) < 1e-6);
    const auto mean = [](const auto& x) {
        const auto y = nn::AvgPool2d<2>{}(x * x);
        return grad(sum(y * y), x);
    };
    CHECK(support::central_difference_error(mean, image) < 1e-7);
}
