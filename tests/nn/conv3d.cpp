// SPDX-License-Identifier: BSL-1.0
// Convolutions of volumes: shapes, large ones beside plain loops, derivatives in double, constants, what is printed.
#include "support/catch.hpp"
#include "support/central_difference.hpp"
#include "support/compare.hpp"

#include <string_view>

namespace nn = ashlar::nn;
using ashlar::Shape;
using ashlar::Tensor;

namespace {

using Uneven = nn::Conv3d<2, 4, nn::kernel<2, 3, 2>, nn::stride<2, 1, 3>, nn::padding<1, 2, 0>, nn::dilation<2, 1, 3>,
                          nn::groups<2>, nn::real<double>>;
using Under = nn::ConvTranspose3d<2, 1, 2, nn::stride<2>, nn::padding<0, 1, 0>, nn::output_padding<1, 0, 1>,
                                  nn::real<double>>;

template <class Layer, class X>
using shape_after = ashlar::shape_t<decltype(std::declval<const Layer&>()(std::declval<const X&>()))>;

template <std::size_t... Dims> Tensor<double, Dims...> waves(double start) {
    Tensor<double, Dims...> t;
    for (std::size_t i = 0; i < t.size(); ++i)
        t.data()[i] = std::sin(start + 1.7 * static_cast<double>(i) + 0.01 * static_cast<double>(i * i));
    return t;
}

}  // namespace

TEST_CASE("shapes of convolutions of volumes", "[nn]") {
    static_assert(std::same_as<shape_after<nn::Conv3d<3, 7, 3, nn::stride<2>, nn::padding<1>>,
                                           Tensor<float, 2, 3, 5, 9, 12>>,
                               Shape<2, 7, 3, 5, 6>>);
    static_assert(std::same_as<shape_after<nn::Conv3d<3, 7, nn::kernel<1, 2, 4>, nn::same>, Tensor<float, 3, 5, 9, 12>>,
                               Shape<7, 5, 9, 12>>);
    static_assert(std::same_as<shape_after<nn::ConvTranspose3d<3, 7, 2, nn::stride<2>>, Tensor<float, 3, 1, 9, 12>>,
                               Shape<7, 2, 18, 24>>);
    static_assert(std::same_as<decltype(Uneven::weight), Tensor<double, 4, 1, 2, 3, 2>>);
    static_assert(std::same_as<decltype(Under::weight), Tensor<double, 2, 1, 2, 2, 2>>);
    CHECK(true);
}

TEST_CASE("a convolution of large volumes beside plain loops", "[nn]") {
    using Layer = nn::Conv3d<5, 9, 3, nn::padding<1>>;
    const Layer layer{ashlar::seed(1)};
    Tensor<float, 2, 5, 7, 11, 21> x;
    ashlar::generator random{ashlar::seed(2)};
    fill_uniform(x, random, 1.0f);
    const auto y = ashlar::eval(relu(layer(x)));
    static_assert(std::same_as<decltype(y), const Tensor<float, 2, 9, 7, 11, 21>>);
    int wrong = 0;
    for (int n = 0; n < 2; ++n)
        for (int o = 0; o < 9; ++o)
            for (int d = 0; d < 7; ++d)
                for (int h = 0; h < 11; ++h)
                    for (int w = 0; w < 21; ++w) {
                        double sum = static_cast<double>(layer.bias(o));
                        for (int c = 0; c < 5; ++c)
                            for (int k = 0; k < 27; ++k) {
                                const int z = d + k / 9 - 1, r = h + k / 3 % 3 - 1, s = w + k % 3 - 1;
                                if (z < 0 || z > 6 || r < 0 || r > 10 || s < 0 || s > 20) continue;
                                sum += static_cast<double>(x(n, c, z, r, s)) *
                                       static_cast<double>(layer.weight(o, c, k / 9, k / 3 % 3, k % 3));
                            }
                        wrong += !support::close(static_cast<double>(y(n, o, d, h, w)), sum > 0 ? sum : 0, 4e-6);
                    }
    CHECK(wrong == 0);
    static_assert(ashlar::flops<Layer, Shape<2, 5, 7, 11, 21>> == 2LL * 9 * 7 * 11 * 21 * (2 * 5 * 27 + 1));
}

TEST_CASE("derivatives of convolutions of volumes", "[nn]") {
    const Uneven layer{ashlar::seed(3)};
    const auto image = waves<2, 2, 3, 2, 8>(0.3);
    CHECK(support::central_difference_error([&](const auto& x) { return layer(x); }, image) < 1e-8);
    const auto of_weight = [&](const auto& w) { return nn::detail::convolve<Uneven::stated>(image, w); };
    CHECK(support::central_difference_error(of_weight, layer.weight) < 1e-8);
    const auto gradient = [&](const auto& x) {
        const auto y = layer(x);
        return grad(sum(y * y * y), x);
    };
    CHECK(support::central_difference_error(gradient, waves<1, 2, 2, 1, 4>(0.1)) < 1e-7);
    const Under under{ashlar::seed(3)};
    const auto small = waves<2, 2, 1, 3, 2>(0.3);
    CHECK(support::central_difference_error([&](const auto& x) { return under(x); }, small) < 1e-8);
    const auto under_weight = [&](const auto& w) {
        return nn::detail::convolve_transposed<Under::stated, Under::further>(small, w);
    };
    CHECK(support::central_difference_error(under_weight, under.weight) < 1e-8);
}

TEST_CASE("a convolution of a volume while compiling", "[nn]") {
    constexpr auto computed = [] {
        const nn::Conv3d<1, 2, 2, nn::padding<1>> layer{ashlar::seed(3)};
        Tensor<float, 1, 2, 1, 3> x;
        for (std::size_t i = 0; i < x.size(); ++i) x.data()[i] = static_cast<float>(3 * i % 7) - 2.5f;
        return Tensor<float, 2, 3, 2, 4>{layer(x)};
    };
    constexpr auto constant = computed();
    CHECK(support::first_difference(computed(), constant, 1e-6) == -1);
}

TEST_CASE("rows of convolutions of volumes", "[nn]") {
    using Model = nn::Sequential<nn::Conv3d<1, 4, nn::kernel<3, 2, 1>, nn::stride<2, 1, 1>>, nn::ReLU, nn::Flatten,
                                 nn::Linear<48, 2>>;
    static_assert(ashlar::parameter_count<Model> == 4 * 6 + 4 + 98);
    CHECK(ashlar::summary<Model, Shape<1, 1, 4, 4, 4>>() ==
          R"(layer  type                                                 output           parameters  flops
0      Conv3d<1, 4, kernel_size<3, 2, 1>, stride<2, 1, 1>>  (1, 4, 1, 3, 4)          28    624
1      ReLU                                                 (1, 4, 1, 3, 4)           0     48
2      Flatten                                              (1, 48)                   0      0
3      Linear<48, 2>                                        (1, 2)                   98    194
total                                                       (1, 2)                  126    866
)");
    const Model model{ashlar::seed(0)};
    const Tensor<float, 1, 1, 4, 4, 4> x{};
    const ashlar::text plan = ashlar::plan(model(x));
    CHECK(std::string_view{plan.c_str(), plan.size()}.find(
              "relu(conv3d<stride 2x1x1>(a, 0.weight) + 0.bias)") != std::string_view::npos);
}
