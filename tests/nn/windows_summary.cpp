// SPDX-License-Identifier: BSL-1.0
// What is known of convolutional networks while compiling.
#include <ashlar/ashlar.hpp>

#include "support/catch.hpp"

namespace nn = ashlar::nn;
using ashlar::Shape;

TEST_CASE("rows of convolutions and pools") {
    using Model =
        nn::Sequential<nn::Conv2d<1, 8, 5>, nn::ReLU, nn::MaxPool2d<2>,
                       nn::Conv2d<8, 16, nn::kernel<3, 5>, nn::stride<2>, nn::padding<1, 0>, nn::no_bias>,
                       nn::AvgPool2d<2, nn::stride<1>>, nn::AdaptiveAvgPool2d<5, 3>, nn::Flatten, nn::Linear<240, 10>>;
    static_assert(ashlar::parameter_count<Model> == 208 + 1920 + 2410);
    CHECK(
        ashlar::summary<Model, Shape<1, 1, 28, 28>>() ==
        R"(layer  type                                                                 output          parameters    flops
0      Conv2d<1, 8, 5>                                                      (1, 8, 24, 24)         208  235,008
1      ReLU                                                                 (1, 8, 24, 24)           0    4,608
2      MaxPool2d<2>                                                         (1, 8, 12, 12)           0    4,608
3      Conv2d<8, 16, kernel_size<3, 5>, stride<2>, padding<1, 0>, no_bias>  (1, 16, 6, 4)        1,920   92,160
4      AvgPool2d<2, stride<1>>                                              (1, 16, 5, 3)            0    1,920
5      AdaptiveAvgPool2d<5, 3>                                              (1, 16, 5, 3)            0        0
6      Flatten                                                              (1, 240)                 0        0
7      Linear<240, 10>                                                      (1, 10)              2,410    4,810
total                                                                       (1, 10)              4,538  343,114
)");
}

TEST_CASE("shapes that options give") {
    const auto shape = []<class Layer, class X>(const Layer&, const X&) {
        return std::type_identity<ashlar::shape_t<decltype(std::declval<const Layer&>()(std::declval<const X&>()))>>{};
    };
    using ashlar::Tensor;
    static_assert(std::same_as<decltype(shape(nn::Conv2d<3, 7, 3, nn::stride<2>, nn::padding<1>>{},
                                              Tensor<float, 2, 3, 9, 12>{})),
                               std::type_identity<Shape<2, 7, 5, 6>>>);
    static_assert(std::same_as<decltype(shape(nn::Conv2d<3, 7, 3, nn::dilation<2, 1>>{}, Tensor<float, 3, 9, 12>{})),
                               std::type_identity<Shape<7, 5, 10>>>);
    static_assert(
        std::same_as<decltype(shape(nn::Conv1d<4, 6, 5, nn::stride<3>, nn::groups<2>>{}, Tensor<float, 2, 4, 17>{})),
                     std::type_identity<Shape<2, 6, 5>>>);
    static_assert(
        std::same_as<decltype(shape(nn::MaxPool2d<3, nn::stride<2>, nn::padding<1>>{}, Tensor<float, 2, 3, 9, 12>{})),
                     std::type_identity<Shape<2, 3, 5, 6>>>);
    static_assert(
        std::same_as<decltype(shape(nn::MaxPool1d<2>{}, Tensor<float, 3, 9>{})), std::type_identity<Shape<3, 4>>>);
    static_assert(std::same_as<decltype(shape(nn::AvgPool2d<2>{}, Tensor<float, 3, 9, 6>{})),
                               std::type_identity<Shape<3, 4, 3>>>);
    CHECK(true);
}

TEST_CASE("initial weights are those of PyTorch's rule") {
    const nn::Conv2d<4, 8, 3, nn::groups<2>> layer{ashlar::seed(5)};  // 2 * 9 products an element
    const float bound = 1 / std::sqrt(18.0f);
    float largest = 0, sum = 0;
    for (float w : layer.weight) largest = std::max(largest, std::abs(w)), sum += w;
    for (float b : layer.bias) CHECK(std::abs(b) <= bound);
    CHECK(largest <= bound);
    CHECK(largest > 0.9f * bound);
    CHECK(std::abs(sum) / 144 < 0.2f * bound);
}
