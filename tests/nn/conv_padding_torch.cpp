// SPDX-License-Identifier: BSL-1.0
// labels: slow
// Convolutions whose padding keeps extents, or is no zeros, beside PyTorch: values, gradients, three steps of training.
#include "support/catch.hpp"

#include "fixtures/convolutions.hpp"
#include "support/central_difference.hpp"
#include "support/trained.hpp"

namespace nn = ashlar::nn;
namespace fw = fixtures::convolutions;
using ashlar::Tensor;
using support::agrees_and_learns;

TEST_CASE("a padding that keeps the extents", "[nn]") {
    agrees_and_learns<fw::same2d::all, nn::Conv2d<2, 2, nn::kernel<3, 4>, nn::same>>();
    agrees_and_learns<fw::same1d::all, nn::Conv1d<2, 3, 6, nn::same>>();
}

TEST_CASE("a padding that keeps the extents, not of zeros", "[nn]") {
    agrees_and_learns<fw::same2d_replicate::all, nn::Conv2d<2, 1, 2, nn::dilation<1, 3>, nn::same, nn::no_bias,
                                                            nn::padding_mode::replicate>>();
    agrees_and_learns<fw::circular1d_same::all, nn::Conv1d<2, 2, 4, nn::padding_mode::circular, nn::same>>();
}

TEST_CASE("padding modes", "[nn]") {
    agrees_and_learns<fw::reflect2d::all, nn::Conv2d<2, 2, 3, nn::stride<2>, nn::padding<2, 1>, nn::groups<2>,
                                                     nn::padding_mode::reflect>>();
    agrees_and_learns<fw::circular2d::all,
                      nn::Conv2d<1, 2, nn::kernel<2, 3>, nn::padding<0, 3>, nn::padding_mode::circular>>();
    agrees_and_learns<fw::replicate1d::all,
                      nn::Conv1d<1, 2, 3, nn::padding<4>, nn::padding_mode::replicate, nn::stride<3>>>();
    // Of zeros, which is what is there without the option.
    const nn::Conv2d<1, 2, 3, nn::padding<1>> plain{ashlar::seed(1)};
    const nn::Conv2d<1, 2, 3, nn::padding<1>, nn::padding_mode::zeros> zeros{ashlar::seed(1)};
    Tensor<float, 1, 5, 7> x;
    ashlar::generator random{ashlar::seed(2)};
    fill_uniform(x, random, 1.0f);
    CHECK(ashlar::eval(plain(x)) == ashlar::eval(zeros(x)));
}

// What is larger than a tile is as PyTorch does it: a padding in front, and a convolution without one.
TEST_CASE("padding modes of large images", "[nn]") {
    using Layer = nn::Conv2d<3, 9, 5, nn::same, nn::padding_mode::reflect>;
    const Layer layer{ashlar::seed(1)};
    nn::Conv2d<3, 9, 5> inner;
    inner.weight = layer.weight, inner.bias = layer.bias;
    Tensor<float, 2, 3, 21, 37> x;
    ashlar::generator random{ashlar::seed(2)};
    fill_uniform(x, random, 1.0f);
    CHECK(ashlar::eval(layer(x)) == ashlar::eval(inner(nn::ReflectionPad2d<2>{}(x))));
    CHECK(ashlar::flops<Layer, ashlar::Shape<2, 3, 21, 37>> >= 2 * 2 * 9 * 21 * 37 * 3 * 25);
    const nn::Conv2d<3, 9, 5, nn::same> same{ashlar::seed(1)};
    const nn::Conv2d<3, 9, 5, nn::padding<2>> stated{ashlar::seed(1)};
    CHECK(ashlar::eval(same(x)) == ashlar::eval(stated(x)));
}

TEST_CASE("derivatives of convolutions of double with a padding", "[nn]") {
    using Model = nn::Sequential<nn::Conv2d<1, 2, 2, nn::same, nn::real<double>>, nn::Tanh,
                                 nn::Conv2d<2, 1, 3, nn::padding<1, 2>, nn::padding_mode::circular, nn::real<double>>>;
    const Model model{ashlar::seed(3)};
    Tensor<double, 2, 1, 2, 3> image;
    for (std::size_t i = 0; i < image.size(); ++i) image.data()[i] = std::sin(1.7 * static_cast<double>(i));
    CHECK(support::central_difference_error([&](const auto& x) { return model(x); }, image) < 1e-8);
    using First = std::remove_cvref_t<decltype(model.template get<0>())>;
    const auto of_weight = [&](const auto& w) {
        const auto y = nn::detail::convolve<First::stated>(image, w);
        return grad(sum(y * y * y), w);
    };
    CHECK(support::central_difference_error(of_weight, model.template get<0>().weight) < 1e-7);
}
