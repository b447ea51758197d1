// SPDX-License-Identifier: BSL-1.0
// Second derivatives: the derivative's derivative beside central differences of the derivative.

#include "support/catch.hpp"
#include "support/central_difference.hpp"

using namespace ashlar;

const Tensor<double, 2, 3> plane{{0.3, -1.2, 0.8}, {1.7, 0.4, -0.5}};

// grad of sum(grad(f(x))^2), which reads all of the second derivative.
template <class F> double second_derivative_error(F f) {
    return support::central_difference_error([=](auto x) { return square(grad(sum(f(x)), x)); }, plane);
}

TEST_CASE("second derivatives of functions", "[grad]") {
    CHECK(second_derivative_error([](auto x) { return sin(x) * exp(x) + sigmoid(x); }) < 1e-7);
    CHECK(second_derivative_error([](auto x) { return erf(x) / (2 + cos(x)) + sqrt(x * x + 1); }) < 1e-7);
    CHECK(second_derivative_error([](auto x) { return silu(x) + softplus(x) + atan(x) + log1p(x * x); }) < 1e-7);
}
