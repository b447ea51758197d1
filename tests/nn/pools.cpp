// SPDX-License-Identifier: BSL-1.0
// labels: slow
// Pools: shapes, derivatives beside central differences in double, ties and infinities, constants.
#include "support/central_difference.hpp"

#include "support/catch.hpp"

#include <limits>

namespace nn = ashlar::nn;
using ashlar::Shape, ashlar::Tensor;

namespace {

template <class Layer, class X> using pooled = ashlar::shape_t<decltype(Layer{}(std::declval<const X&>()))>;
using Image = Tensor<float, 2, 3, 5, 8>;
using Body = Tensor<float, 2, 3, 4, 5, 6>;

static_assert(std::same_as<pooled<nn::MaxPool2d<2>, Image>, Shape<2, 3, 2, 4>>);
static_assert(std::same_as<pooled<nn::MaxPool2d<2, nn::ceil_mode>, Image>, Shape<2, 3, 3, 4>>);
// A window that would begin behind the image is left out.
static_assert(std::same_as<pooled<nn::AvgPool2d<1, nn::stride<3>, nn::ceil_mode>, Image>, Shape<2, 3, 2, 3>>);
static_assert(std::same_as<pooled<nn::MaxPool1d<2, nn::stride<3>, nn::padding<1>, nn::ceil_mode>, Tensor<float, 2, 5>>,
                           Shape<2, 2>>);
static_assert(std::same_as<pooled<nn::MaxPool2d<9, nn::stride<6>, nn::ceil_mode>, Image>, Shape<2, 3, 1, 1>>);
static_assert(std::same_as<pooled<nn::MaxPool3d<nn::kernel<2, 3, 2>, nn::stride<2, 1, 3>>, Body>,
                           Shape<2, 3, 2, 3, 2>>);
static_assert(std::same_as<pooled<nn::AvgPool3d<3, nn::padding<1>, nn::ceil_mode>, Tensor<float, 3, 4, 5, 6>>,
                           Shape<3, 2, 2, 3>>);
static_assert(std::same_as<pooled<nn::LPPool1d<2, 3, nn::stride<2>>, Tensor<float, 2, 9>>, Shape<2, 4>>);
static_assert(std::same_as<pooled<nn::AdaptiveAvgPool3d<2>, Body>, Shape<2, 3, 2, 2, 2>>);
static_assert(std::same_as<pooled<nn::AdaptiveMaxPool2d<4, 3>, Image>, Shape<2, 3, 4, 3>>);

template <std::size_t... Dims> Tensor<double, Dims...> waves(double start) {
    Tensor<double, Dims...> t;
    for (std::size_t i = 0; i < t.size(); ++i)
        t.data()[i] = std::sin(start + 1.7 * static_cast<double>(i) + 0.01 * static_cast<double>(i * i));
    return t;
}

template <class Layer, class Point> double error_of(const Point& point) {
    return support::central_difference_error([](const auto& x) { return Layer{}(x); }, point);
}
// Of a gradient that is a function of x.
template <class Layer, class Point> double second_error_of(const Point& point) {
    return support::central_difference_error(
        [](const auto& x) {
            const auto y = Layer{}(x * x);
            return grad(sum(y * y), x);
        },
        point);
}

}  // namespace

TEST_CASE("derivatives of pools beside central differences", "[nn]") {
    const auto image = waves<2, 2, 5, 7>(0.4);
    CHECK(error_of<nn::MaxPool2d<3, nn::stride<2>, nn::ceil_mode>>(image) < 1e-8);
    CHECK(error_of<nn::AvgPool2d<3, nn::stride<2>, nn::padding<1>, nn::ceil_mode>>(image) < 1e-8);
    CHECK(error_of<nn::AvgPool2d<3, nn::stride<2>, nn::padding<1>, nn::count_include_pad<false>>>(image) < 1e-8);
    CHECK(error_of<nn::LPPool2d<2, nn::kernel<2, 3>, nn::ceil_mode>>(image) < 1e-8);
    CHECK(error_of<nn::AdaptiveMaxPool2d<3, 4>>(image) < 1e-8);
    const auto body = waves<2, 4, 3, 5>(0.7);
    CHECK(error_of<nn::MaxPool3d<2, nn::ceil_mode>>(body) < 1e-8);
    CHECK(error_of<nn::AvgPool3d<nn::kernel<2, 2, 3>, nn::padding<1>, nn::count_include_pad<false>>>(body) < 1e-8);
    CHECK(error_of<nn::AdaptiveAvgPool3d<3, 2, 4>>(body) < 1e-8);
}

TEST_CASE("the derivatives of pools' derivatives", "[nn]") {
    const auto image = waves<1, 2, 5, 7>(0.4);
    CHECK(second_error_of<nn::MaxPool2d<3, nn::stride<2>, nn::ceil_mode>>(image) < 1e-7);
    CHECK(second_error_of<nn::AvgPool2d<3, nn::stride<2>, nn::ceil_mode>>(image) < 1e-7);
    CHECK(second_error_of<nn::AdaptiveMaxPool2d<3, 4>>(image) < 1e-7);
    CHECK(second_error_of<nn::MaxPool3d<2>>(waves<2, 2, 3, 5>(0.7)) < 1e-7);
}

TEST_CASE("the first of equal elements in row-major order has the gradient", "[nn]") {
    const Tensor<float, 8> body{1, 3, 0, 2, 3, 3, 3, 0};
    const auto x = ashlar::variable<"x">(body);
    CHECK(ashlar::eval(grad(sum(nn::MaxPool3d<2>{}(reshape<1, 2, 2, 2>(x))), x)) ==
          Tensor<float, 8>{0, 1, 0, 0, 0, 0, 0, 0});
    const Tensor<float, 1, 5> row{{2, 2, 1, 5, 5}};
    const auto r = ashlar::variable<"r">(row);
    CHECK(ashlar::eval(grad(sum(nn::AdaptiveMaxPool1d<3>{}(r)), r)) == Tensor<float, 1, 5>{{1, 0, 0, 2, 0}});
}

TEST_CASE("what ceil_mode lets a window cover is no element", "[nn]") {
    constexpr float infinity = std::numeric_limits<float>::infinity();
    const Tensor<float, 1, 3> row{{0, 1, -infinity}};
    const auto x = ashlar::variable<"x">(row);
    const auto y = nn::MaxPool1d<2, nn::ceil_mode>{}(x);
    CHECK(ashlar::eval(y) == Tensor<float, 1, 2>{{1, -infinity}});
    CHECK(ashlar::eval(grad(sum(where(y > -2.0f, y, 2.0f * y)), x)) == Tensor<float, 1, 3>{{0, 1, 2}});
    const Tensor<float, 1, 3> other{{2, 4, infinity}};
    CHECK(ashlar::eval(nn::AvgPool1d<2, nn::ceil_mode>{}(other)) == Tensor<float, 1, 2>{{3, infinity}});
}

TEST_CASE("the norm of zeros has the derivative 0", "[nn]") {
    const Tensor<float, 1, 4> row{{0, 0, 3, 4}};
    const auto x = ashlar::variable<"x">(row);
    CHECK(ashlar::eval(nn::LPPool1d<2, 2>{}(x)) == Tensor<float, 1, 2>{{0, 5}});
    CHECK(ashlar::eval(grad(sum(nn::LPPool1d<2, 2>{}(x)), x)) == Tensor<float, 1, 4>{{0, 0, 0.6f, 0.8f}});
}

TEST_CASE("pools are constants where their input is, and take the planes of a convolution", "[nn]") {
    constexpr Tensor<float, 1, 5> row{{1, 2, 3, 4, 8}};
    static_assert(ashlar::eval(nn::AvgPool1d<2, nn::ceil_mode>{}(row)) == Tensor<float, 1, 3>{{1.5f, 3.5f, 8}});
    static_assert(ashlar::eval(nn::AdaptiveMaxPool1d<2>{}(row)) == Tensor<float, 1, 2>{{3, 8}});

    using Pool = nn::MaxPool2d<3, nn::stride<2>, nn::ceil_mode>;
    nn::Sequential<nn::Conv2d<1, 3, 3>, nn::ReLU, Pool> model{ashlar::seed(1)};
    Tensor<float, 2, 1, 9, 7> x;
    for (std::size_t i = 0; i < x.size(); ++i) x.data()[i] = std::sin(static_cast<float>(i));
    const Tensor<float, 2, 3, 7, 5> planes = relu(model.template get<0>()(x));
    const Tensor<float, 2, 3, 3, 2> y = model(x);
    for (std::size_t p = 0; p < 6; ++p)
        for (std::size_t i = 0; i < 3; ++i)
            for (std::size_t j = 0; j < 2; ++j) {
                float most = 0;
                for (std::size_t r = 2 * i; r < 2 * i + 3 && r < 7; ++r)
                    for (std::size_t c = 2 * j; c < 2 * j + 3 && c < 5; ++c)
                        most = std::max(most, planes.data()[(p * 7 + r) * 5 + c]);
                CHECK(y.data()[(p * 3 + i) * 2 + j] == most);
            }
}
