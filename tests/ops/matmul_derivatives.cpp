// SPDX-License-Identifier: BSL-1.0
// Derivatives of matrix products beside central differences.

#include "support/catch.hpp"
#include "support/central_difference.hpp"

using namespace ashlar;
using support::central_difference_error;

const Tensor<double, 2, 3> plane{{0.3, -1.2, 0.8}, {1.7, 0.4, -0.5}};
const Tensor<double, 3, 4> weights =
    Tensor<double, 3, 4>::generate([](std::size_t i, std::size_t j) { return std::cos(double(i) + 2.3 * double(j)); });
constexpr double tolerance = 1e-8;

TEST_CASE("derivatives of matrix products", "[matmul]") {
    CHECK(central_difference_error([](auto a) { return matmul(a, weights); }, plane) < tolerance);
    CHECK(central_difference_error(
              [](auto a) { return matmul(a, transpose(a)) - matmul(plane, transpose(a)); }, plane) < tolerance);
    CHECK(central_difference_error([](auto a) { return outer(reshape<6>(a), slice<0, 0, 2>(reshape<6>(a))); }, plane) <
          tolerance);
    CHECK(central_difference_error([](auto a) { return dot(reshape<6>(a), reshape<6>(tanh(a))); }, plane) < tolerance);
}
