// SPDX-License-Identifier: BSL-1.0
// The layers without parameters beside PyTorch.
#include "support/catch.hpp"

#include "fixtures/activations.hpp"
#include "support/central_difference.hpp"
#include "support/fixture.hpp"

#include <cmath>
#include <limits>
#include <type_traits>

namespace nn = ashlar::nn;
using support::agrees;
using support::tensor_of;

TEST_CASE("nn::ReLU{} (relu)", "[nn][activation]") {
    namespace f = fixtures::relu;
    const auto x = tensor_of<f::input_shape>(f::input), upstream = tensor_of<f::upstream_shape>(f::upstream);
    agrees([](auto input) { return nn::ReLU{}(input); }, x, upstream, f::output, f::grad_input, 2e-6);
}

TEST_CASE("nn::LeakyReLU{} (leaky_relu)", "[nn][activation]") {
    namespace f = fixtures::leaky_relu;
    const auto x = tensor_of<f::input_shape>(f::input), upstream = tensor_of<f::upstream_shape>(f::upstream);
    agrees([](auto input) { return nn::LeakyReLU{}(input); }, x, upstream, f::output, f::grad_input, 2e-6);
}

TEST_CASE("nn::LeakyReLU{0.2f} (leaky_relu_02)", "[nn][activation]") {
    namespace f = fixtures::leaky_relu_02;
    const auto x = tensor_of<f::input_shape>(f::input), upstream = tensor_of<f::upstream_shape>(f::upstream);
    agrees([](auto input) { return nn::LeakyReLU{0.2f}(input); }, x, upstream, f::output, f::grad_input, 2e-6);
}

TEST_CASE("nn::Tanh{} (tanh)", "[nn][activation]") {
    namespace f = fixtures::tanh;
    const auto x = tensor_of<f::input_shape>(f::input), upstream = tensor_of<f::upstream_shape>(f::upstream);
    agrees([](auto input) { return nn::Tanh{}(input); }, x, upstream, f::output, f::grad_input, 2e-6);
}

TEST_CASE("nn::Sigmoid{} (sigmoid)", "[nn][activation]") {
    namespace f = fixtures::sigmoid;
    const auto x = tensor_of<f::input_shape>(f::input), upstream = tensor_of<f::upstream_shape>(f::upstream);
    agrees([](auto input) { return nn::Sigmoid{}(input); }, x, upstream, f::output, f::grad_input, 2e-6);
}

// By PyTorch's formulas in double: values and gradients of a layer on the inputs of ReLU, on the bounds and on nan.
namespace {
template <class Layer> void agrees_with(const Layer& layer, auto value, auto slope) {
    constexpr float nan = std::numeric_limits<float>::quiet_NaN();
    ashlar::Tensor<float, 4, 8> x{}, upstream{}, output{}, gradient{};
    for (std::size_t i = 0; i < x.size(); ++i) {
        const float bounds[] = {-2, 6, 0.25f, nan, -0.0f, 1, -1, 0.5f};
        x.data()[i] = i < 24 ? fixtures::relu::input[i] : bounds[i - 24];
        upstream.data()[i] = static_cast<float>(i) - 13.5f;
        output.data()[i] = static_cast<float>(value(static_cast<double>(x.data()[i])));
        gradient.data()[i] = upstream.data()[i] * static_cast<float>(slope(static_cast<double>(x.data()[i])));
    }
    agrees([&](auto input) { return layer(input); }, x, upstream, output.data(), gradient.data(), 1e-6);
}
}  // namespace

TEST_CASE("nn::Softsign{}", "[nn][activation]") {
    agrees_with(
        nn::Softsign{}, [](double x) { return x / (1 + std::abs(x)); },
        [](double x) { return 1 / ((1 + std::abs(x)) * (1 + std::abs(x))); });
    const ashlar::Tensor<double, 5> at{-30, -0.7, 1e-3, 0.4, 9};
    CHECK(support::central_difference_error([](auto x) { return nn::Softsign{}(x); }, at, 1e-6) < 1e-7);
}

TEST_CASE("nn::Hardtanh", "[nn][activation]") {
    const auto check = [](const nn::Hardtanh& layer, double low, double high) {
        agrees_with(
            layer, [=](double x) { return x <= low ? low : x >= high ? high : x; },
            [=](double x) { return x <= low || x >= high ? 0.0 : 1.0; });  // none at the bounds, all of it at nan
    };
    check(nn::Hardtanh{}, -1, 1);
    check(nn::Hardtanh{-2, 0.5f}, -2, 0.5);
    check(nn::Hardtanh{.max_val = 6}, -1, 6);
    check(nn::Hardtanh{.min_val = 0.25}, 0.25, 1);
    const ashlar::Tensor<double, 5> at{-30, -0.7, 1e-3, 0.4, 9};
    CHECK(support::central_difference_error([](auto x) { return nn::Hardtanh{-0.5, 0.3}(x); }, at, 1e-6) < 1e-7);
    static_assert(std::is_aggregate_v<nn::Hardtanh> && std::is_trivially_copyable_v<nn::Hardtanh>);
    // Its options are members of a model.
    const ashlar::Tensor<float, 2> some{};
    const nn::Sequential<nn::Identity, nn::Hardtanh> model{};
    CHECK(print(model(ashlar::variable<"x">(some))) ==
          "where(x <= 1.min_val, 1.min_val, where(1.max_val <= x, 1.max_val, x))");
}
