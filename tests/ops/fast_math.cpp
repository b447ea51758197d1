// SPDX-License-Identifier: BSL-1.0
// labels: fastmath
// What finite numbers come to where flags take the meaning of infinities and of rounding away; without them it holds
// as well.
#if defined(__clang__)
    #pragma clang diagnostic error "-Wnan-infinity-disabled"  // the headers must not say infinity where there is none
#endif
#include <ashlar/ashlar.hpp>
#if defined(__clang__)
    #pragma clang diagnostic ignored "-Wnan-infinity-disabled"
#endif

#include "support/catch.hpp"
#include "support/compare.hpp"

#include <algorithm>
#include <cmath>

using namespace ashlar;
using support::first_difference;

namespace {

// Numbers between -1 and 1 that the compiler does not know.
template <class T, std::size_t... Dims> Tensor<T, Dims...> numbers(int seed = 0) {
    Tensor<T, Dims...> x;
    volatile int unknown = seed;
    int at = unknown;
    for (T& e : x) at = (at * 37 + 11) % 101, e = static_cast<T>(at - 50) / T{50};
    return x;
}

// Extrema of rows, columns and all, of negative numbers: what they start from must be below.
template <class T, std::size_t M, std::size_t N> void check_extrema() {
    CAPTURE(sizeof(T), M, N);
    const auto x = eval(numbers<T, M, N>() - T{2});
    Tensor<T, M> most_of_row, least_of_row;
    Tensor<T, N> most_of_column, least_of_column;
    for (std::size_t i = 0; i < M; ++i) {
        T most = x(i, 0), least = x(i, 0);
        for (std::size_t j = 0; j < N; ++j) most = std::max(most, x(i, j)), least = std::min(least, x(i, j));
        most_of_row(i) = most, least_of_row(i) = least;
    }
    for (std::size_t j = 0; j < N; ++j) {
        T most = x(0, j), least = x(0, j);
        for (std::size_t i = 0; i < M; ++i) most = std::max(most, x(i, j)), least = std::min(least, x(i, j));
        most_of_column(j) = most, least_of_column(j) = least;
    }
    CHECK(first_difference(eval(max<1>(x)), most_of_row, 0) == -1);
    CHECK(first_difference(eval(min<1>(x)), least_of_row, 0) == -1);
    CHECK(first_difference(eval(max<0>(x)), most_of_column, 0) == -1);
    CHECK(first_difference(eval(min<0>(x)), least_of_column, 0) == -1);
    CHECK(static_cast<T>(max(x)) == *std::max_element(x.begin(), x.end()));
    CHECK(static_cast<T>(min(x)) == *std::min_element(x.begin(), x.end()));
}

template <class T> constexpr double tolerance = sizeof(T) == 8 ? 1e-14 : 1e-6;

template <class T, std::size_t M, std::size_t N> void check_softmax() {
    CAPTURE(sizeof(T), M, N);
    const auto x = eval(numbers<T, M, N>() * T{8} + T{1000});
    Tensor<T, M, N> shares;
    Tensor<T, M> logarithms;
    for (std::size_t i = 0; i < M; ++i) {
        double total = 0;
        for (std::size_t j = 0; j < N; ++j) total += std::exp(static_cast<double>(x(i, j)) - 1000);
        for (std::size_t j = 0; j < N; ++j)
            shares(i, j) = static_cast<T>(std::exp(static_cast<double>(x(i, j)) - 1000) / total);
        logarithms(i) = static_cast<T>(std::log(total) + 1000);
    }
    CHECK(first_difference(eval(softmax<1>(x)), shares, tolerance<T>) == -1);
    CHECK(first_difference(eval(logsumexp<1>(x)), logarithms, tolerance<T>) == -1);
}

}  // namespace

TEMPLATE_TEST_CASE("extrema begin below all numbers", "[fast_math]", float, double) {
    check_extrema<TestType, 4, 5>();
    check_extrema<TestType, 37, 67>();
}

TEMPLATE_TEST_CASE("softmax and logsumexp", "[fast_math]", float, double) {
    check_softmax<TestType, 1, 3>();
    check_softmax<TestType, 33, 71>();
}

// What a function's argument is made of is not taken apart: a - b is small and exact, a and b are not.
TEMPLATE_TEST_CASE("functions of differences", "[fast_math]", float, double) {
    using T = TestType;
    const T far = sizeof(T) == 8 ? T(0x1p40) : T(0x1p18);
    Tensor<T, 3, 9> a, exact_exp, exact_expm1, exact_sin, exact_log1p, exact_round;
    const auto d = numbers<T, 3, 9>(5);
    Tensor<T, 3, 9> difference;
    for (std::size_t i = 0; i < a.size(); ++i) {
        a.data()[i] = static_cast<T>(std::floor(static_cast<double>(d.data()[i]) * 16) / 16 + static_cast<double>(far));
        const double x = difference.data()[i] = a.data()[i] - far;
        exact_exp.data()[i] = static_cast<T>(std::exp(x)), exact_expm1.data()[i] = static_cast<T>(std::expm1(x));
        exact_sin.data()[i] = static_cast<T>(std::sin(x)), exact_log1p.data()[i] = static_cast<T>(std::log1p(x + 2));
        exact_round.data()[i] = static_cast<T>(std::nearbyint(x * 4));
    }
    volatile T known = far;
    const T b = known;
    CHECK(first_difference(eval(exp(a - b)), exact_exp, tolerance<T>) == -1);
    CHECK(first_difference(eval(expm1(a - b)), exact_expm1, tolerance<T>) == -1);
    CHECK(first_difference(eval(sin(a - b)), exact_sin, tolerance<T>) == -1);
    CHECK(first_difference(eval(log1p(a - b + 2)), exact_log1p, tolerance<T>) == -1);
    CHECK(first_difference(eval(round((a - b) * 4)), exact_round, 0) == -1);
}

// A quotient by a large number is not 0, one by a small number not infinite.
TEST_CASE("quotients of large numbers", "[fast_math]") {
    const auto x = eval(abs(numbers<float, 40>()) + 1);
    const auto large = eval(x * 1.5e38f);
    Tensor<float, 40> ones;
    for (float& e : ones) e = 0.5f;
    CHECK(first_difference(eval((large / 2) / large), ones, 1e-6) == -1);
}

constexpr auto rounded = eval(round(Tensor<double, 2>{0.55, -1.5}));
static_assert(rounded(0) == 1 && rounded(1) == -2);
