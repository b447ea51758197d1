// SPDX-License-Identifier: BSL-1.0
// First, second and third derivatives beside PyTorch's.

#include "fixtures/tensor_ops.hpp"
#include "support/fixture.hpp"

using namespace ashlar;

template <class F> void
derivatives_agree(F f, const double (&at)[3], const double* y0, const double* y1, const double* y2, const double* y3) {
    const Tensor<double, 3> values{at[0], at[1], at[2]};
    const auto x = variable<"x">(values);
    const auto y = f(x);
    const auto first = grad(sum(y), x);
    const auto second = grad(sum(first), x);
    const auto third = grad(sum(second), x);
    CHECK(support::first_difference(eval(y), y0, 1e-12) == -1);
    CHECK(support::first_difference(eval(first), y1, 1e-12) == -1);
    CHECK(support::first_difference(eval(second), y2, 1e-11) == -1);
    CHECK(support::first_difference(eval(third), y3, 1e-10) == -1);
}

TEST_CASE("three derivatives", "[grad]") {
    {
        namespace f = fixtures::ops::third_x_tanh;
        derivatives_agree([](auto x) { return tanh(x) * x; }, f::x, f::output, f::grad1, f::grad2, f::grad3);
    }
    {
        namespace f = fixtures::ops::third_sigmoid;
        derivatives_agree([](auto x) { return sigmoid(x); }, f::x, f::output, f::grad1, f::grad2, f::grad3);
    }
    {
        namespace f = fixtures::ops::third_gelu;
        derivatives_agree([](auto x) { return gelu(x); }, f::x, f::output, f::grad1, f::grad2, f::grad3);
    }
}
