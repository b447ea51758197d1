// SPDX-License-Identifier: BSL-1.0
// Transposed convolutions: shapes, what a convolution has to do with them, derivatives in double, what is printed.
#include "support/catch.hpp"
#include "support/central_difference.hpp"

#include <string_view>

namespace nn = ashlar::nn;
using ashlar::Shape;
using ashlar::Tensor;

namespace {

using Strided = nn::ConvTranspose2d<4, 6, nn::kernel<3, 2>, nn::stride<2, 3>, nn::padding<1, 2>,
                                    nn::output_padding<1, 2>, nn::dilation<2, 1>, nn::groups<2>>;
using Further = nn::ConvTranspose1d<2, 1, 2, nn::dilation<3>, nn::output_padding<2>>;

template <class Layer, class X>
using shape_after = ashlar::shape_t<decltype(std::declval<const Layer&>()(std::declval<const X&>()))>;

template <std::size_t... Dims> Tensor<double, Dims...> waves(double start) {
    Tensor<double, Dims...> t;
    for (std::size_t i = 0; i < t.size(); ++i)
        t.data()[i] = std::sin(start + 1.7 * static_cast<double>(i) + 0.01 * static_cast<double>(i * i));
    return t;
}
template <class Layer> auto by(const auto& x, const auto& w) {
    return nn::detail::convolve_transposed<Layer::stated, Layer::further>(x, w);
}

}  // namespace

TEST_CASE("shapes of transposed convolutions", "[nn]") {
    static_assert(std::same_as<shape_after<nn::ConvTranspose2d<3, 7, 4, nn::stride<2>, nn::padding<1>>,
                                           Tensor<float, 2, 3, 9, 12>>,
                               Shape<2, 7, 18, 24>>);
    static_assert(std::same_as<shape_after<Strided, Tensor<float, 4, 3, 4>>, Shape<6, 8, 9>>);
    static_assert(std::same_as<shape_after<Further, Tensor<float, 5, 2, 3>>, Shape<5, 1, 8>>);
    static_assert(std::same_as<decltype(Strided::weight), Tensor<float, 4, 3, 3, 2>>);
    static_assert(ashlar::parameter_count<Strided> == 72 + 6);
    CHECK(true);
}

TEST_CASE("the gradient of a convolution's image is the transposed convolution of its upstream", "[nn]") {
    const nn::Conv2d<3, 5, 3, nn::stride<2>, nn::padding<1>, nn::no_bias> convolution{ashlar::seed(3)};
    nn::ConvTranspose2d<5, 3, 3, nn::stride<2>, nn::padding<1>, nn::output_padding<0, 1>, nn::no_bias> transposed;
    transposed.weight = convolution.weight;
    Tensor<float, 2, 3, 7, 10> image{};
    Tensor<float, 2, 5, 4, 5> upstream;
    ashlar::generator random{ashlar::seed(4)};
    fill_uniform(upstream, random, 1.0f);
    const auto x = ashlar::variable<"x">(image);
    CHECK(ashlar::eval(transposed(upstream)) == ashlar::eval(grad(sum(convolution(x) * upstream), x)));
}

TEST_CASE("derivatives of transposed convolutions", "[nn]") {
    const auto image = waves<2, 4, 3, 4>(0.3);
    const auto weight = waves<4, 3, 3, 2>(1.1);
    CHECK(support::central_difference_error([&](const auto& x) { return by<Strided>(x, weight); }, image) < 1e-8);
    CHECK(support::central_difference_error([&](const auto& w) { return by<Strided>(image, w); }, weight) < 1e-8);
    const auto signal = waves<3, 2, 4>(0.3);
    const auto taps = waves<2, 1, 2>(1.1);
    CHECK(support::central_difference_error([&](const auto& x) { return by<Further>(x, taps); }, signal) < 1e-8);
    CHECK(support::central_difference_error([&](const auto& w) { return by<Further>(signal, w); }, taps) < 1e-8);
    const auto gradient = [&](const auto& x) {
        const auto y = by<Further>(x, taps);
        return grad(sum(y * y * y), x);
    };
    CHECK(support::central_difference_error(gradient, signal) < 1e-7);
}

TEST_CASE("rows of transposed convolutions", "[nn]") {
    using Model = nn::Sequential<nn::Conv2d<1, 8, 3, nn::stride<2>, nn::padding<1>>, nn::ReLU,
                                 nn::ConvTranspose2d<8, 1, 4, nn::stride<2>, nn::padding<1>>, nn::Sigmoid>;
    const Model model{ashlar::seed(0)};
    CHECK(
        ashlar::summary<Model, Shape<1, 1, 8, 8>>() ==
        R"(layer  type                                             output        parameters  flops
0      Conv2d<1, 8, 3, stride<2>, padding<1>>           (1, 8, 4, 4)          80  2,432
1      ReLU                                             (1, 8, 4, 4)           0    128
2      ConvTranspose2d<8, 1, 4, stride<2>, padding<1>>  (1, 1, 8, 8)         129  4,160
3      Sigmoid                                          (1, 1, 8, 8)           0  1,600
total                                                   (1, 1, 8, 8)         209  8,320
)");
    // The bias and what follows are in the kernel.
    const Tensor<float, 1, 1, 8, 8> x{};
    const ashlar::text plan = ashlar::plan(model(x));
    CHECK(std::string_view{plan.c_str(), plan.size()}.find("sigmoid(conv2d_input<stride 2, padding 1>(t1") !=
          std::string_view::npos);
}

TEST_CASE("initial weights of transposed convolutions are those of PyTorch's rule", "[nn]") {
    const nn::ConvTranspose2d<16, 4, 3, nn::groups<2>> layer{ashlar::seed(5)};  // weight[0] has 2 * 9 elements
    const float bound = 1 / std::sqrt(18.0f);
    float largest = 0;
    for (float w : layer.weight) largest = std::max(largest, std::abs(w));
    for (float b : layer.bias) CHECK(std::abs(b) <= bound);
    CHECK(largest <= bound);
    CHECK(largest > 0.9f * bound);
}
