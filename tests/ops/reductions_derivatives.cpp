// SPDX-License-Identifier: BSL-1.0
// Derivatives of reductions beside central differences.

#include "support/catch.hpp"
#include "support/central_difference.hpp"

using namespace ashlar;
using support::central_difference_error;

const Tensor<double, 2, 3> plane{{0.3, -1.2, 0.8}, {1.7, 0.4, -0.5}};
constexpr double tolerance = 1e-8;

TEST_CASE("derivatives of reductions", "[reduction]") {
    CHECK(central_difference_error([](auto a) { return sum<0>(a) * mean(a); }, plane) < tolerance);
    CHECK(central_difference_error([](auto a) { return prod<1, keepdim>(a) * a; }, plane) < tolerance);
    CHECK(central_difference_error([](auto a) { return max<1>(a) * min<1>(a) + max(a); }, plane) < tolerance);
    CHECK(central_difference_error([](auto a) { return var<0>(a) * var<0, biased>(a); }, plane) < tolerance);
    CHECK(central_difference_error([](auto a) { return logsumexp<1, keepdim>(a) * softmax<0>(a); }, plane) < tolerance);
    CHECK(central_difference_error([](auto a) { return log_softmax<1>(a) * a; }, plane) < tolerance);
}

TEST_CASE("derivatives of reductions of a number", "[reduction]") {
    const Tensor<double> number = 0.7;
    CHECK(central_difference_error([](auto a) { return sum(a * a) + mean(a) * prod(a); }, number) < tolerance);
    CHECK(central_difference_error([](auto a) { return max(a * a) * min(a) + amax(a); }, number) < tolerance);
    // A number that is read before all vectors, and reduced after some.
    CHECK(central_difference_error([](auto a) { return a * sum(plane) + sum(a * a) * max(a); }, number) < tolerance);
    CHECK(central_difference_error([](auto a) { return a * (argmax(a * a) + 2) + argmin(a); }, number) < tolerance);
}
