// SPDX-License-Identifier: BSL-1.0
// Derivatives of powers and activations beside central differences.

#include "support/catch.hpp"
#include "support/central_difference.hpp"

using namespace ashlar;
using support::central_difference_error;

const Tensor<double, 5> anywhere{-1.7, -0.6, 0.3, 0.8, 2.4};
const Tensor<double, 5> positive{0.2, 0.7, 1.3, 2.6, 5.1};
const Tensor<double, 5> other{0.4, -0.9, 1.1, -1.2, 2.5};
constexpr double tolerance = 1e-8;

TEST_CASE("derivatives of powers", "[pow]") {
    CHECK(central_difference_error([](auto x) { return pow<5>(x) - pow<-3>(x); }, anywhere) < 1e-6);
    CHECK(central_difference_error([](auto x) { return pow(x, 1.7); }, positive) < tolerance);
    CHECK(central_difference_error([](auto x) { return pow(x, other); }, positive) < 1e-7);
    CHECK(central_difference_error([](auto x) { return pow(positive, x); }, other) < 1e-7);
    CHECK(central_difference_error([](auto x) { return pow(2, x); }, other) < tolerance);
}

TEST_CASE("derivatives of activations", "[gelu]") {
    CHECK(central_difference_error([](auto x) { return gelu(x) + silu(x); }, anywhere) < tolerance);
    CHECK(central_difference_error([](auto x) { return gelu_tanh(x) + softplus(x, 2); }, anywhere) < tolerance);
    CHECK(central_difference_error([](auto x) { return leaky_relu(x, 0.3) + relu(x); }, anywhere) < tolerance);
    CHECK(central_difference_error([](auto x) { return leaky_relu(anywhere, x); }, other) < tolerance);
}
