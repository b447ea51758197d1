// SPDX-License-Identifier: BSL-1.0
// Derivatives of movements beside central differences.

#include "support/catch.hpp"
#include "support/central_difference.hpp"

using namespace ashlar;
using support::central_difference_error;

const Tensor<double, 2, 3> plane{{0.3, -1.2, 0.8}, {1.7, 0.4, -0.5}};
constexpr double tolerance = 1e-8;

TEST_CASE("derivatives of movements", "[view]") {
    CHECK(central_difference_error([](auto a) { return slice<1, -2, 3>(a) * slice<1, 0, 2>(a); }, plane) < tolerance);
    CHECK(central_difference_error([](auto a) { return flip<1>(a) * a; }, plane) < tolerance);
    CHECK(central_difference_error([](auto a) { return concat<0>(a, 2 * a) * concat<0>(a * a, a); }, plane) <
          tolerance);
    CHECK(central_difference_error([](auto a) { return stack<1>(a, exp(a)); }, plane) < tolerance);
    CHECK(central_difference_error([](auto a) {
              const auto [left, right] = split<1, 1, 2>(a);
              return left * right;
          }, plane) < tolerance);
    CHECK(central_difference_error([](auto a) { return expand<4, 2, 3>(a) * permute<1, 0>(reshape<3, 2>(a)); }, plane) <
          tolerance);
}
