// SPDX-License-Identifier: BSL-1.0
// labels: slow
// Upsampling beside PyTorch, and its derivatives beside central differences, in double.
#include "support/catch.hpp"

#include "fixtures/convolutions.hpp"
#include "fixtures/small_layers.hpp"
#include "support/central_difference.hpp"
#include "support/trained.hpp"

#include <limits>
#include <string_view>

namespace nn = ashlar::nn;
using ashlar::Shape;
using ashlar::Tensor;
using support::agrees;
using support::tensor_of;
namespace small = fixtures::small_layers;

static constexpr double tolerance = 1e-6;

TEST_CASE("the nearest element", "[nn]") {
    {
        namespace f = small::upsample_volumes;
        agrees(nn::Upsample<2, nn::mode::nearest>{}, tensor_of<f::input_shape>(f::input),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_input, 0);
    }
    {
        namespace f = small::upsample_size;
        agrees(nn::Upsample<nn::output_size<5, 4>>{}, tensor_of<f::input_shape>(f::input),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_input, 0);
    }
}

TEST_CASE("between two elements", "[nn]") {
    {
        namespace f = small::upsample_linear;
        agrees(nn::Upsample<3, nn::mode::linear>{}, tensor_of<f::input_shape>(f::input),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_input, tolerance);
    }
    {
        namespace f = small::upsample_linear_aligned;
        agrees(nn::Upsample<nn::output_size<7>, nn::align_corners, nn::mode::linear>{},
               tensor_of<f::input_shape>(f::input), tensor_of<f::upstream_shape>(f::upstream), f::output,
               f::grad_input, tolerance);
    }
}

TEST_CASE("between four elements", "[nn]") {
    {
        namespace f = small::upsample_bilinear;
        agrees(nn::Upsample<2, nn::mode::bilinear>{}, tensor_of<f::input_shape>(f::input),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_input, tolerance);
    }
    {
        namespace f = small::upsample_bilinear_aligned;
        agrees(nn::Upsample<2, nn::mode::bilinear, nn::align_corners>{}, tensor_of<f::input_shape>(f::input),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_input, tolerance);
    }
    {
        namespace f = small::upsample_bilinear_size;
        agrees(nn::Upsample<nn::output_size<5, 3>, nn::mode::bilinear>{}, tensor_of<f::input_shape>(f::input),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_input, tolerance);
    }
    {
        namespace f = small::upsample_bilinear_one;
        agrees(nn::Upsample<nn::output_size<1, 4>, nn::mode::bilinear, nn::align_corners>{},
               tensor_of<f::input_shape>(f::input), tensor_of<f::upstream_shape>(f::upstream), f::output,
               f::grad_input, tolerance);
    }
}

TEST_CASE("between eight elements", "[nn]") {
    {
        namespace f = small::upsample_trilinear;
        agrees(nn::Upsample<2, nn::mode::trilinear>{}, tensor_of<f::input_shape>(f::input),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_input, tolerance);
    }
    {
        namespace f = small::upsample_trilinear_aligned;
        agrees(nn::Upsample<nn::output_size<3, 2, 4>, nn::mode::trilinear, nn::align_corners>{},
               tensor_of<f::input_shape>(f::input), tensor_of<f::upstream_shape>(f::upstream), f::output,
               f::grad_input, tolerance);
    }
}

TEST_CASE("a model that upsamples learns", "[nn]") {
    support::agrees_and_learns<fixtures::convolutions::upsampled2d::all,
                               nn::Sequential<nn::Conv2d<1, 2, 2>, nn::Upsample<nn::output_size<3, 5>,
                                                                                nn::mode::bilinear>>>();
}

TEST_CASE("derivatives of upsampling", "[nn]") {
    Tensor<double, 1, 2, 3, 4> x;
    for (std::size_t i = 0; i < x.size(); ++i) x.data()[i] = std::sin(1.7 * static_cast<double>(i));
    using support::central_difference_error;
    CHECK(central_difference_error([](const auto& v) { return nn::Upsample<2, nn::mode::bilinear>{}(v * v); }, x) <
          1e-8);
    CHECK(central_difference_error(
              [](const auto& v) {
                  return nn::Upsample<nn::output_size<7, 2>, nn::mode::bilinear, nn::align_corners>{}(v);
              },
              x) < 1e-8);
    CHECK(central_difference_error([](const auto& v) { return nn::Upsample<nn::output_size<7, 2>>{}(v); }, x) < 1e-8);
    const auto gradient = [](const auto& v) {
        const auto y = nn::Upsample<3, nn::mode::bilinear>{}(v);
        return grad(sum(y * y * y), v);
    };
    CHECK(central_difference_error(gradient, x) < 1e-7);
}

// Larger than a vector, and that what is not beside an element does not reach it.
TEST_CASE("rows of many elements, of which some are infinite", "[nn]") {
    Tensor<float, 1, 1, 2, 37> x{};
    for (std::size_t i = 0; i < x.size(); ++i) x.data()[i] = static_cast<float>(i * i % 23);
    x(0, 0, 1, 20) = std::numeric_limits<float>::infinity();
    const auto y = ashlar::eval(nn::Upsample<nn::output_size<2, 74>, nn::mode::bilinear>{}(x));
    int wrong = 0;
    for (int row = 0; row < 2; ++row)
        for (int i = 0; i < 74; ++i) {
            const double place = std::max(0.0, (i + 0.5) / 2 - 0.5);
            const int k = static_cast<int>(place), next = std::min(k + 1, 36);
            const double s = place - k, expected = (1 - s) * static_cast<double>(x(0, 0, row, k)) +
                                                   s * static_cast<double>(x(0, 0, row, next));
            wrong += !support::close(static_cast<double>(y(0, 0, row, i)), expected, 1e-6);
        }
    CHECK(wrong == 0);
}

TEST_CASE("numbers of other types", "[nn]") {
    const Tensor<float, 1, 1, 2> single{{{0.5f, 2}}};
    const Tensor<ashlar::bfloat16, 1, 1, 2> half = to<ashlar::bfloat16>(single);
    const auto nearest = ashlar::eval(nn::Upsample<nn::output_size<3>>{}(half));
    CHECK(nearest == Tensor<float, 1, 1, 3>{{{0.5f, 0.5f, 2}}});
    const Tensor<int, 1, 1, 2> whole{{{1, 4}}};
    CHECK(ashlar::eval(nn::Upsample<nn::output_size<3>>{}(whole)) == Tensor<int, 1, 1, 3>{{{1, 1, 4}}});
    CHECK(ashlar::eval(nn::Upsample<nn::output_size<3>, nn::mode::linear, nn::align_corners>{}(whole)) ==
          Tensor<float, 1, 1, 3>{{{1, 2.5f, 4}}});
}

TEST_CASE("what is known of upsampling", "[nn]") {
    using Model = nn::Sequential<nn::Conv2d<1, 2, 1>, nn::Upsample<2, nn::mode::bilinear>, nn::ReLU>;
    static_assert(ashlar::parameter_count<Model> == 4);
    const Model model{ashlar::seed(1)};
    const Tensor<float, 1, 1, 3, 3> x{};
    static_assert(std::same_as<ashlar::shape_t<decltype(model(x))>, Shape<1, 2, 6, 6>>);
    const ashlar::text summary = ashlar::summary<Model, Shape<1, 1, 3, 3>>();
    CHECK(std::string_view{summary.c_str(), summary.size()}.find("Upsample<2, bilinear>  (1, 2, 6, 6)") !=
          std::string_view::npos);
    const auto compiled = ashlar::compile(model);
    CHECK(ashlar::eval(compiled(x)) == ashlar::eval(model(x)));
}
