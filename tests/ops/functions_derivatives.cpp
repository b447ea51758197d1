// SPDX-License-Identifier: BSL-1.0
// Derivatives of element-wise functions beside central differences.

#include "support/catch.hpp"
#include "support/central_difference.hpp"

using namespace ashlar;
using support::central_difference_error;

// Away from 0 and from whole numbers, where some of them have kinks.
const Tensor<double, 5> anywhere{-1.7, -0.6, 0.3, 0.8, 2.4};
const Tensor<double, 5> positive{0.2, 0.7, 1.3, 2.6, 5.1};
const Tensor<double, 5> unit{-0.8, -0.3, 0.1, 0.45, 0.9};
constexpr double tolerance = 1e-8;

TEST_CASE("derivatives of exponentials and logarithms", "[exp]") {
    CHECK(central_difference_error([](auto x) { return exp(x); }, anywhere) < tolerance);
    CHECK(central_difference_error([](auto x) { return expm1(x); }, anywhere) < tolerance);
    CHECK(central_difference_error([](auto x) { return log(x); }, positive) < tolerance);
    CHECK(central_difference_error([](auto x) { return log1p(x); }, unit) < tolerance);
    CHECK(central_difference_error([](auto x) { return sqrt(x); }, positive) < tolerance);
    CHECK(central_difference_error([](auto x) { return rsqrt(x); }, positive) < tolerance);
}

TEST_CASE("derivatives of trigonometric functions", "[sin]") {
    CHECK(central_difference_error([](auto x) { return sin(x); }, anywhere) < tolerance);
    CHECK(central_difference_error([](auto x) { return cos(x); }, anywhere) < tolerance);
    CHECK(central_difference_error([](auto x) { return tan(x); }, unit) < tolerance);
    CHECK(central_difference_error([](auto x) { return asin(x); }, unit) < 1e-7);
    CHECK(central_difference_error([](auto x) { return acos(x); }, unit) < 1e-7);
    CHECK(central_difference_error([](auto x) { return atan(x); }, anywhere) < tolerance);
}

TEST_CASE("derivatives of hyperbolic functions, sigmoid, erf", "[tanh]") {
    CHECK(central_difference_error([](auto x) { return sinh(x); }, anywhere) < tolerance);
    CHECK(central_difference_error([](auto x) { return cosh(x); }, anywhere) < tolerance);
    CHECK(central_difference_error([](auto x) { return tanh(x); }, anywhere) < tolerance);
    CHECK(central_difference_error([](auto x) { return sigmoid(x); }, anywhere) < tolerance);
    CHECK(central_difference_error([](auto x) { return erf(x); }, anywhere) < tolerance);
}
