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

TEST_CASE("second derivatives of reductions and products", "[grad]") {
    CHECK(second_derivative_error([](auto x) { return prod<1>(x) * sum(var<0>(x)); }) < 1e-7);
}

TEST_CASE("second derivatives of softmax and matmul", "[grad]") {
    CHECK(second_derivative_error([](auto x) { return matmul(softmax<1>(x), transpose(x)); }) < 1e-7);
    CHECK(second_derivative_error([](auto x) { return logsumexp<0>(x) * max<0>(x); }) < 1e-7);
}
