// SPDX-License-Identifier: BSL-1.0
// The logarithm of the gamma function beside the standard library's in long double; its derivatives beside sums.
#include "support/elementary_error.hpp"

namespace kernels = ashlar::kernels;
using support::edge_error;
using support::error;
using support::highest;
using support::lowest;
using support::single;
using support::ulp;

namespace {

constexpr long double pi = 3.141592653589793238462643383279502884L;

// By the recurrence up to 60, from where the series has all digits.
long double exact_digamma(long double x) {
    if (x < 0) return exact_digamma(1 - x) - pi / std::tan(pi * (x - std::nearbyint(x)));
    long double sum = 0;
    for (; x < 60; x += 1) sum -= 1 / x;
    const long double z = 1 / (x * x);
    return sum + std::log(x) - 0.5L / x -
           z * (1.0L / 12 - z * (1.0L / 120 - z * (1.0L / 252 - z * (1.0L / 240 - z / 132))));
}
long double exact_trigamma(long double x) {
    if (x < 0) {
        const long double s = std::sin(pi * (x - std::nearbyint(x)));
        return pi * pi / (s * s) - exact_trigamma(1 - x);
    }
    long double sum = 0;
    for (; x < 60; x += 1) sum += 1 / (x * x);
    const long double z = 1 / (x * x);
    return sum + 1 / x + z / 2 + z / x * (1.0L / 6 - z * (1.0L / 30 - z * (1.0L / 42 - z * (1.0L / 30 - z * 5 / 66))));
}

}  // namespace

TEMPLATE_TEST_CASE("the logarithm of the gamma function", "[elementary]", float, double) {
    using T = TestType;
    const auto lgamma = [](auto x) { return kernels::lgamma(x); };
    const auto exact = [](long double x) { return std::lgamma(x); };
    CHECK(error<T>(lgamma, exact, 0, 4) <= 4);
    CHECK(error<T>(lgamma, exact, 0.999, 1.001) <= 4);
    CHECK(error<T>(lgamma, exact, 1.999, 2.001) <= 4);
    CHECK(error<T>(lgamma, exact, 3, 200) <= 4);
    CHECK(edge_error<T>(lgamma, exact) <= 4);
    // Below 0 beside the larger of its terms.
    double worst = 0;
    for (int i = 0; i < 20000; ++i) {
        const T x = static_cast<T>(-i * 0.00137 - 0.0007);
        const auto difference =
            std::fabs(static_cast<long double>(kernels::lgamma(x)) - exact(static_cast<long double>(x)));
        worst = std::max(worst, static_cast<double>(difference / (1 + std::lgamma(1 - static_cast<long double>(x)))));
    }
    CHECK(worst < (single<T> ? 3e-7 : 2e-15));
    static_assert(kernels::lgamma(T{1}) == 0 && kernels::lgamma(T{2}) == 0 && kernels::lgamma(T{3}) > T(0.693) &&
                  kernels::lgamma(T(-0.5)) > T(1.26));
}

TEMPLATE_TEST_CASE("the derivatives of the logarithm of the gamma function", "[elementary]", float, double) {
    using T = TestType;
    const auto digamma = [](auto x) { return kernels::digamma(x); };
    const auto trigamma = [](auto x) { return kernels::polygamma(kernels::splat<decltype(x)>(1), x); };
    CHECK(error<T>(trigamma, exact_trigamma, 1e-3, 100) <= 5);
    double worst = 0, worst_trigamma = 0;
    double worst_positive = 0;
    for (int i = 0; i < 20000; ++i) {
        const T x = static_cast<T>(-i * 0.00137 - 0.0007);
        const auto at = static_cast<long double>(x);
        const auto difference = [&](T point) {
            const auto want = exact_digamma(static_cast<long double>(point));
            return static_cast<double>(std::fabs(static_cast<long double>(digamma(point)) - want) /
                                       (1 + std::fabs(want)));
        };
        worst = std::max(worst, difference(x)), worst_positive = std::max(worst_positive, difference(-x));
        worst_trigamma =
            std::max(worst_trigamma,
                     static_cast<double>(std::fabs(static_cast<long double>(trigamma(x)) / exact_trigamma(at) - 1)));
    }
    CHECK(worst < (single<T> ? 3e-7 : 1e-14));
    CHECK(worst_positive < (single<T> ? 1e-7 : 2e-15));
    CHECK(worst_trigamma < (single<T> ? 3e-7 : 1e-12));
    // Higher ones, from the recurrence and by hand.
    CHECK(std::abs(kernels::polygamma(T{2}, T{1}) + T(2.4041138063191886)) < T(1e-6));
    CHECK(std::abs(kernels::polygamma(T{3}, T(0.5)) / T(97.40909103400244) - 1) < T(1e-6));
    CHECK(std::abs(kernels::polygamma(T{2}, T(-0.5)) / T(-0.8287966) - 1) < T(1e-4));
    if constexpr (support::keeps_ieee) {
        constexpr T infinity = std::numeric_limits<T>::infinity();
        CHECK(kernels::digamma(T{0}) == -infinity);
        CHECK(kernels::digamma(-T{0}) == infinity);
        CHECK(std::isnan(kernels::digamma(T{-3})));
        CHECK(kernels::digamma(infinity) == infinity);
        CHECK(std::isnan(kernels::digamma(-infinity)));
        CHECK(kernels::polygamma(T{1}, T{-2}) == infinity);
        CHECK(kernels::polygamma(T{1}, infinity) == 0);
    }
    static_assert(kernels::digamma(T{1}) < T(-0.577) && kernels::polygamma(T{1}, T{1}) > T(1.644));
}
