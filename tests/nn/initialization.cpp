// SPDX-License-Identifier: BSL-1.0
// Initial weights: PyTorch's distribution, one seed one model, the same numbers in constant expressions.
#include "support/catch.hpp"

#include "fixtures/init.hpp"

#include <ashlar/ashlar.hpp>

#include <cmath>
#include <cstring>
#include <memory>

namespace nn = ashlar::nn;
using ashlar::Tensor;

template <std::size_t In, std::size_t Out> static void is_uniform(double bound, double deviation) {
    const auto layer = std::make_unique<nn::Linear<In, Out>>(ashlar::seed(11));
    double largest = 0, sum = 0, squares = 0;
    for (const float w : layer->weight) {
        const double x = static_cast<double>(w);
        largest = std::max(largest, std::abs(x)), sum += x, squares += x * x;
    }
    const double n = static_cast<double>(layer->weight.size());
    CHECK(largest <= bound * (1 + 1e-7));
    CHECK(largest > bound * (1 - 4 / n));
    CHECK(std::abs(sum / n) < 4 * deviation / std::sqrt(n));
    CHECK(std::abs(std::sqrt(squares / n) / deviation - 1) < 2 / std::sqrt(n));
    for (const float b : layer->bias) CHECK(std::abs(static_cast<double>(b)) <= bound * (1 + 1e-7));
}

TEST_CASE("Linear's weights are uniform within 1 / sqrt(in)", "[init]") {
    namespace f = fixtures::init;
    is_uniform<1, 64>(f::linear_1_64::bound, f::linear_1_64::deviation);
    is_uniform<2, 8>(f::linear_2_8::bound, f::linear_2_8::deviation);
    is_uniform<64, 128>(f::linear_64_128::bound, f::linear_64_128::deviation);
    is_uniform<784, 128>(f::linear_784_128::bound, f::linear_784_128::deviation);
}

using Xor = nn::Sequential<nn::Linear<2, 8>, nn::ReLU, nn::Linear<8, 2>>;

TEST_CASE("a seed is a model, in constant expressions too", "[init]") {
    static constexpr Xor constant{ashlar::seed(3)};
    const Xor model{ashlar::seed(3)}, other{ashlar::seed(4)};
    CHECK(model.get<0>().weight == constant.get<0>().weight);
    CHECK(model.get<0>().bias == constant.get<0>().bias);
    CHECK(model.get<2>().weight == constant.get<2>().weight);
    CHECK(model.get<2>().bias == constant.get<2>().bias);
    CHECK(model.get<0>().weight != other.get<0>().weight);
    CHECK(std::abs(model.get<2>().weight(0, 0)) <= 0.36f);
}

TEST_CASE("layers of one model differ", "[init]") {
    const nn::Sequential<nn::Linear<5, 5>, nn::Linear<5, 5>> model{ashlar::seed(3)};
    CHECK(model.get<0>().weight != model.get<1>().weight);
}

TEST_CASE("the first numbers never change", "[init]") {
    // From Philox's 24 bits: (n >> 8) / 2^23 - 1, times 1 / sqrt(4).
    const nn::Linear<4, 1> layer{ashlar::seed(0)};
    const std::uint32_t n[] = {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8};
    for (int i = 0; i < 4; ++i) CHECK(layer.weight(0, i) == 0.5f * (static_cast<float>(n[i] >> 8) / 8388608.0f - 1.0f));
}

struct Own {
    Tensor<float, 3, 4> weight;
    Tensor<float, 3> bias;
    nn::Linear<4, 4> inner;
    constexpr auto operator()(ashlar::expression auto x) const { return matmul(inner(x), transpose(weight)) + bias; }
};
BOOST_HANA_ADAPT_STRUCT(Own, weight, bias, inner);

TEST_CASE("initialize seeds a user's module", "[init]") {
    Own a{}, b{};
    ashlar::initialize(a, ashlar::seed(5));
    ashlar::initialize(b, ashlar::seed(5));
    CHECK(a.weight == b.weight);
    CHECK(a.inner.weight == b.inner.weight);
    CHECK(a.bias == Tensor<float, 3>{0, 0, 0});
    for (const float w : a.weight) CHECK((w != 0 && std::abs(w) <= 0.5f));
}
