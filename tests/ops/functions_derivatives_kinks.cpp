// SPDX-License-Identifier: BSL-1.0
// Derivatives of functions with kinks beside central differences.

#include "support/catch.hpp"
#include "support/central_difference.hpp"

using namespace ashlar;
using support::central_difference_error;

const Tensor<double, 5> anywhere{-1.7, -0.6, 0.3, 0.8, 2.4};
const Tensor<double, 5> other{0.4, -0.9, 1.1, -1.2, 2.5};
constexpr double tolerance = 1e-8;

TEST_CASE("derivatives of functions with kinks", "[clamp]") {
    CHECK(central_difference_error([](auto x) { return abs(x) + clamp(x, -1, 1); }, anywhere) < tolerance);
    CHECK(central_difference_error([](auto x) { return clamp(anywhere, x, 1.5); }, other) < tolerance);
    CHECK(central_difference_error([](auto x) { return clamp(anywhere, -1.5, x); }, other) < tolerance);
    CHECK(central_difference_error([](auto x) { return minimum(x, other) * maximum(x, other); }, anywhere) < tolerance);
    CHECK(central_difference_error([](auto x) { return where(other > 0, x * x, 2 * x); }, anywhere) < tolerance);
    CHECK(central_difference_error([](auto x) { return (floor(x) + ceil(x) + round(x) + sign(x)) * 2 + x; }, anywhere) <
          tolerance);
}
