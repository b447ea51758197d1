// SPDX-License-Identifier: BSL-1.0
// Inverse hyperbolic functions, erfc, and what has two arguments, beside the standard library's in long double.
#include "support/elementary_error.hpp"

namespace kernels = ashlar::kernels;
using support::constant_error;
using support::counts;
using support::edge_error;
using support::error;
using support::highest;
using support::lowest;
using support::single;
using support::table;
using support::ulp;

TEMPLATE_TEST_CASE("inverse hyperbolic functions", "[elementary]", float, double) {
    using T = TestType;
    const auto asinh = [](auto x) { return kernels::asinh(x); };
    const auto acosh = [](auto x) { return kernels::acosh(x); };
    const auto atanh = [](auto x) { return kernels::atanh(x); };
    const auto exact_asinh = [](long double x) { return std::asinh(x); };
    const auto exact_acosh = [](long double x) { return std::acosh(x); };
    const auto exact_atanh = [](long double x) { return std::atanh(x); };
    CHECK(error<T>(asinh, exact_asinh, -5, 5) <= 4);
    CHECK(error<T>(asinh, exact_asinh, lowest<T>, highest<T>, true) <= 4);
    CHECK(edge_error<T>(asinh, exact_asinh) <= 4);
    CHECK(error<T>(acosh, exact_acosh, 1, 9) <= 4);
    CHECK(error<T>(acosh, exact_acosh, 1, 1.001) <= 4);
    CHECK(error<T>(acosh, exact_acosh, 0, highest<T>, true) <= 4);
    CHECK(edge_error<T>(acosh, exact_acosh) <= 4);
    CHECK(error<T>(atanh, exact_atanh, -1, 1) <= 4);
    CHECK(error<T>(atanh, exact_atanh, lowest<T>, 1, true) <= 4);
    CHECK(edge_error<T>(atanh, exact_atanh) <= 4);
    constexpr auto compiled =
        table<T>([](T x) { return kernels::asinh(x) + kernels::acosh(2 + x) + kernels::atanh(x / 8); }, -1, 7);
    CHECK(constant_error<T>(
              compiled, [](auto x) { return kernels::asinh(x) + kernels::acosh(2 + x) + kernels::atanh(x / 8); }) <= 4);
}

TEMPLATE_TEST_CASE("the complementary error function", "[elementary]", float, double) {
    using T = TestType;
    const auto erfc = [](auto x) { return kernels::erfc(x); };
    const auto exact = [](long double x) { return std::erfc(x); };
    CHECK(error<T>(erfc, exact, -7, single<T> ? 9.1 : 26.5) <= 5);
    CHECK(error<T>(erfc, exact, -1, 1) <= 5);
    CHECK(edge_error<T>(erfc, exact) <= 5);
    constexpr auto compiled = table<T>([](T x) { return kernels::erfc(x); }, -4, 5);
    CHECK(constant_error<T>(compiled, erfc) <= 3);
}

// Both arguments over the whole range of exponents, and around each other.
template <class T, class F, class Exact> static double error_of_two(F f, Exact exact, double low, double high) {
    constexpr auto all = static_cast<std::size_t>(kernels::lanes<T>);
    double worst = 0;
    for (int i = 0; i < 20000; ++i) {
        std::array<T, all> a{}, b{}, out{};
        for (std::size_t l = 0; l < all; ++l) {
            const double u = std::fmod(0.618034 * (i * 64 + static_cast<double>(l)), 1.0),
                         v = std::fmod(0.754878 * (i * 64 + static_cast<double>(l)), 1.0);
            const bool near = i % 2 == 0;
            const volatile double power = std::exp2(low + (high - low) * u),
                                  other = std::exp2(near ? low + (high - low) * u + 4 * v - 2 : low + (high - low) * v);
            a[l] = static_cast<T>(l % 2 == 0 ? power : -power), b[l] = static_cast<T>(l % 4 < 2 ? other : -other);
        }
        kernels::store(out.data(), f(kernels::load(a.data()), kernels::load(b.data())));
        for (std::size_t l = 0; l < all; ++l) {
            if (!counts(a[l]) || !counts(b[l])) continue;
            const auto want = exact(static_cast<long double>(a[l]), static_cast<long double>(b[l]));
            worst = std::max({worst, ulp(out[l], want), l == 0 ? ulp(f(a[l], b[l]), want) : 0.0});
        }
    }
    return worst;
}
template <class T, class F, class Exact> static double edge_error_of_two(F f, Exact exact) {
    using limits = std::numeric_limits<T>;
    double worst = 0;
    for (const T a : {T{0}, limits::infinity(), limits::quiet_NaN(), limits::denorm_min(), limits::max(), T{1}, T{3}})
        for (const T b :
             {T{0}, limits::infinity(), limits::quiet_NaN(), limits::denorm_min(), limits::max(), T{1}, T{-2}})
            for (const T x : {a, -a})
                for (const T y : {b, -b}) {
                    if (!counts(x) || !counts(y)) continue;
                    CAPTURE(x, y);
                    const long double want = exact(static_cast<long double>(x), static_cast<long double>(y));
                    const double here =
                        std::max(ulp(f(x, y), want), ulp(f(kernels::broadcast(x), kernels::broadcast(y))[0], want));
                    CHECK(here <= 4);
                    worst = std::max(worst, here);
                }
    return worst;
}

TEMPLATE_TEST_CASE("functions of two numbers", "[elementary]", float, double) {
    using T = TestType;
    const auto hypot = [](auto x, auto y) { return kernels::hypot(x, y); };
    const auto atan2 = [](auto y, auto x) { return kernels::atan2(y, x); };
    const auto logaddexp = [](auto x, auto y) { return kernels::logaddexp(x, y); };
    const auto exact_hypot = [](long double x, long double y) { return std::hypot(x, y); };
    const auto exact_atan2 = [](long double y, long double x) { return std::atan2(y, x); };
    const auto exact_logaddexp = [](long double x, long double y) {
        return x == y             ? x + std::log(2.0L)
               : x != x || y != y ? x + y
                                  : std::max(x, y) + std::log1p(std::exp(-std::fabs(x - y)));
    };
    CHECK(error_of_two<T>(hypot, exact_hypot, lowest<T>, highest<T>) <= 1.5);
    CHECK(error_of_two<T>(hypot, exact_hypot, -3, 3) <= 1.5);
    CHECK(edge_error_of_two<T>(hypot, exact_hypot) <= 1.5);
    CHECK(error_of_two<T>(atan2, exact_atan2, lowest<T> / 3, highest<T> / 3) <= 3);
    CHECK(error_of_two<T>(atan2, exact_atan2, -3, 3) <= 3);
    CHECK(edge_error_of_two<T>(atan2, exact_atan2) <= 3);
    CHECK(error_of_two<T>([&](auto x, auto y) { return logaddexp(kernels::abs(x), y); },
                          [&](long double x, long double y) { return exact_logaddexp(std::fabs(x), y); }, -9, 9) <= 4);
    CHECK(edge_error_of_two<T>(logaddexp, exact_logaddexp) <= 3);
    const auto fmod = [](auto x, auto y) { return kernels::fmod(x, y); };
    const auto remainder = [](auto x, auto y) { return kernels::remainder(x, y); };
    const auto exact_fmod = [](long double x, long double y) { return std::fmod(x, y); };
    const auto exact_remainder = [](long double x, long double y) {
        const long double r = std::fmod(x, y);
        return r != 0 && (r < 0) != (y < 0) ? r + y : r;
    };
    CHECK(error_of_two<T>(fmod, exact_fmod, lowest<T>, highest<T>) == 0);
    CHECK(error_of_two<T>(fmod, exact_fmod, -9, 9) == 0);
    CHECK(edge_error_of_two<T>(fmod, exact_fmod) == 0);
    CHECK(error_of_two<T>(remainder, exact_remainder, -9, 9) <= 0.5);
    CHECK(edge_error_of_two<T>(remainder, exact_remainder) <= 0.5);
    static_assert(kernels::hypot(T{3}, T{-4}) == 5 && kernels::fmod(T{-7}, T{4}) == -3 &&
                  kernels::remainder(T{-7}, T{4}) == 1 && kernels::remainder(T{7}, T{-4}) == -1);
    static_assert(kernels::atan2(T{0}, T{1}) == 0 && kernels::atan2(T{1}, T{-1}) > T(2.356) &&
                  kernels::logaddexp(T{1}, T{1}) > T(1.69));
}

TEST_CASE("remainders of whole numbers", "[elementary]") {
    static_assert(kernels::fmod(-7, 4) == -3 && kernels::remainder(-7, 4) == 1 && kernels::remainder(7, -4) == -1);
    static_assert(kernels::fmod(7, 0) == 0 && kernels::remainder(7, 0) == 0 &&
                  kernels::remainder(-2147483647 - 1, -1) == 0);
    const auto r = kernels::remainder(kernels::broadcast(-7), kernels::broadcast(4));
    CHECK(r[0] == 1);
}
