// SPDX-License-Identifier: BSL-1.0
// labels: fastmath
#include "support/elementary_error.hpp"

namespace kernels = ashlar::kernels;
using kernels::lanes;
using kernels::vec;
using support::constant_error;
using support::counts;
using support::edge_error;
using support::error;
using support::highest;
using support::lowest;
using support::overflow;
using support::single;
using support::table;
using support::ulp;

namespace {

long double exact_sigmoid(long double x) { return x > 0 ? 1 / (1 + std::exp(-x)) : std::exp(x) / (1 + std::exp(x)); }

}  // namespace

TEMPLATE_TEST_CASE("exponentials", "[elementary]", float, double) {
    using T = TestType;
    const auto exp = [](auto x) { return kernels::exp(x); };
    const auto expm1 = [](auto x) { return kernels::expm1(x); };
    const auto exact_exp = [](long double x) { return std::exp(x); };
    const auto exact_expm1 = [](long double x) { return std::expm1(x); };
    CHECK(error<T>(exp, exact_exp, single<T> ? -105 : -746, overflow<T>) <= 2);
    CHECK(error<T>(exp, exact_exp, -2, 2) <= 2);
    CHECK(edge_error<T>(exp, exact_exp) <= 2);
    CHECK(error<T>(expm1, exact_expm1, -50, overflow<T>) <= 2);
    CHECK(error<T>(expm1, exact_expm1, lowest<T>, 1, true) <= 2);
    CHECK(edge_error<T>(expm1, exact_expm1) <= 2);
    constexpr auto compiled = table<T>([](T x) { return kernels::exp(x) + kernels::expm1(x); }, -100, 80);
    CHECK(constant_error<T>(compiled, [](auto x) { return kernels::exp(x) + kernels::expm1(x); }) <= 2);
}

TEMPLATE_TEST_CASE("logarithms", "[elementary]", float, double) {
    using T = TestType;
    const auto log = [](auto x) { return kernels::log(x); };
    const auto log1p = [](auto x) { return kernels::log1p(x); };
    const auto exact_log = [](long double x) { return std::log(x); };
    const auto exact_log1p = [](long double x) { return std::log1p(x); };
    CHECK(error<T>(log, exact_log, lowest<T>, highest<T>, true) <= 1);
    CHECK(error<T>(log, exact_log, 0.5, 2) <= 1);
    CHECK(edge_error<T>(log, exact_log) <= 1);
    CHECK(error<T>(log1p, exact_log1p, -0.999, 3) <= 3);
    CHECK(error<T>(log1p, exact_log1p, lowest<T>, highest<T>, true) <= 3);
    CHECK(edge_error<T>(log1p, exact_log1p) <= 3);
    constexpr auto compiled = table<T>([](T x) { return kernels::log(x); }, 0, 9);
    CHECK(constant_error<T>(compiled, log) <= 2);
    constexpr auto compiled1 = table<T>([](T x) { return kernels::log1p(x); }, -1, 9);
    CHECK(constant_error<T>(compiled1, log1p) <= 2);
}

TEMPLATE_TEST_CASE("hyperbolic functions and sigmoid", "[elementary]", float, double) {
    using T = TestType;
    const auto sinh = [](auto x) { return kernels::sinh(x); };
    const auto cosh = [](auto x) { return kernels::cosh(x); };
    const auto tanh = [](auto x) { return kernels::tanh(x); };
    const auto sigmoid = [](auto x) { return kernels::sigmoid(x); };
    const auto exact_sinh = [](long double x) { return std::sinh(x); };
    const auto exact_cosh = [](long double x) { return std::cosh(x); };
    const auto exact_tanh = [](long double x) { return std::tanh(x); };
    CHECK(error<T>(sinh, exact_sinh, -overflow<T>, overflow<T>) <= 3);
    CHECK(error<T>(sinh, exact_sinh, lowest<T>, 1, true) <= 3);
    CHECK(edge_error<T>(sinh, exact_sinh) <= 3);
    CHECK(error<T>(cosh, exact_cosh, -overflow<T>, overflow<T>) <= 3);
    CHECK(edge_error<T>(cosh, exact_cosh) <= 3);
    CHECK(error<T>(tanh, exact_tanh, -25, 25) <= 3);
    CHECK(error<T>(tanh, exact_tanh, lowest<T>, 2, true) <= 3);
    CHECK(edge_error<T>(tanh, exact_tanh) <= 3);
    CHECK(error<T>(sigmoid, exact_sigmoid, single<T> ? -105 : -746, 40) <= 3.3);
    CHECK(error<T>(sigmoid, exact_sigmoid, -4, 4) <= 3.3);
    CHECK(edge_error<T>(sigmoid, exact_sigmoid) <= 3);
    constexpr auto compiled = table<T>([](T x) { return kernels::tanh(x); }, -11, 9);
    CHECK(constant_error<T>(compiled, tanh) <= 2);
    constexpr auto compiled_sigmoid = table<T>([](T x) { return kernels::sigmoid(x); }, -103, 30);
    CHECK(constant_error<T>(compiled_sigmoid, sigmoid) <= 2);
    constexpr auto compiled_sinh = table<T>([](T x) { return kernels::sinh(x); }, -90, 95);
    CHECK(constant_error<T>(compiled_sinh, sinh) <= 2);
}

TEMPLATE_TEST_CASE("the error function", "[elementary]", float, double) {
    using T = TestType;
    const auto erf = [](auto x) { return kernels::erf(x); };
    const auto exact = [](long double x) { return std::erf(x); };
    CHECK(error<T>(erf, exact, -7, 7) <= 2);
    CHECK(error<T>(erf, exact, lowest<T>, 1, true) <= 2);
    CHECK(edge_error<T>(erf, exact) <= 2);
    constexpr auto compiled = table<T>([](T x) { return kernels::erf(x); }, -4, 5);
    CHECK(constant_error<T>(compiled, erf) <= 2);
}

TEMPLATE_TEST_CASE("sine, cosine, tangent", "[elementary]", float, double) {
    using T = TestType;
    const auto sin = [](auto x) { return kernels::sin(x); };
    const auto cos = [](auto x) { return kernels::cos(x); };
    const auto tan = [](auto x) { return kernels::tan(x); };
    const auto exact_sin = [](long double x) { return support::library::sin(x); };
    const auto exact_cos = [](long double x) { return support::library::cos(x); };
    const auto exact_tan = [](long double x) { return support::library::tan(x); };
    for (const double bound : {10.0, 131000.0}) {
        CHECK(error<T>(sin, exact_sin, -bound, bound) <= 2);
        CHECK(error<T>(cos, exact_cos, -bound, bound) <= 2);
        CHECK(error<T>(tan, exact_tan, -bound, bound) <= (support::keeps_ieee ? 3 : 4));
    }
    CHECK(error<T>(sin, exact_sin, lowest<T>, highest<T>, true) <= 2);
    CHECK(error<T>(cos, exact_cos, lowest<T>, highest<T>, true) <= 2);
    CHECK(error<T>(tan, exact_tan, lowest<T>, highest<T>, true) <= (support::keeps_ieee ? 3 : 4));
    CHECK(edge_error<T>(sin, exact_sin) <= 2);
    CHECK(edge_error<T>(cos, exact_cos) <= 2);
    CHECK(edge_error<T>(tan, exact_tan) <= 3);
    constexpr auto compiled = table<T>([](T x) { return kernels::sin(x); }, -300000, 400000);
    CHECK(constant_error<T>(compiled, sin) <= 2);
    constexpr auto compiled_cos = table<T>([](T x) { return kernels::cos(x); }, -3, 4);
    CHECK(constant_error<T>(compiled_cos, cos) <= 2);
}

TEMPLATE_TEST_CASE("inverse trigonometric functions", "[elementary]", float, double) {
    using T = TestType;
    const auto asin = [](auto x) { return kernels::asin(x); };
    const auto acos = [](auto x) { return kernels::acos(x); };
    const auto atan = [](auto x) { return kernels::atan(x); };
    const auto exact_asin = [](long double x) { return std::asin(x); };
    const auto exact_acos = [](long double x) { return std::acos(x); };
    const auto exact_atan = [](long double x) { return std::atan(x); };
    CHECK(error<T>(asin, exact_asin, -1, 1) <= 3);
    CHECK(error<T>(asin, exact_asin, lowest<T>, 0, true) <= 3);
    CHECK(edge_error<T>(asin, exact_asin) <= 3);
    CHECK(error<T>(acos, exact_acos, -1, 1) <= 3);
    CHECK(edge_error<T>(acos, exact_acos) <= 3);
    CHECK(error<T>(atan, exact_atan, -3, 3) <= 2);
    CHECK(error<T>(atan, exact_atan, lowest<T>, highest<T>, true) <= 2);
    CHECK(edge_error<T>(atan, exact_atan) <= 2);
    constexpr auto compiled = table<T>([](T x) { return kernels::asin(x) + kernels::atan(10 * x); }, -1, 1);
    CHECK(constant_error<T>(compiled, [](auto x) { return kernels::asin(x) + kernels::atan(10 * x); }) <= 2);
}

TEMPLATE_TEST_CASE("roots", "[elementary]", float, double) {
    using T = TestType;
    const auto sqrt = [](auto x) { return kernels::sqrt(x); };
    const auto rsqrt = [](auto x) { return kernels::rsqrt(x); };
    const auto exact = [](long double x) { return support::library::sqrt(x); };
    const auto exact_inverse = [](long double x) { return 1 / support::library::sqrt(x); };
    CHECK(error<T>(sqrt, exact, lowest<T>, highest<T>, true) <= 0.5);
    CHECK(edge_error<T>(sqrt, exact) <= 0.5);
    CHECK(error<T>(rsqrt, exact_inverse, lowest<T>, highest<T>, true) <= 2);
    CHECK(edge_error<T>(rsqrt, exact_inverse) <= 2);
    constexpr auto compiled = table<T>([](T x) { return kernels::sqrt(x); }, 0, 1000);
    CHECK(constant_error<T>(compiled, sqrt) == 0);
    for (int i = -1074; i < 1024; ++i)
        for (const double x : {std::exp2(i), std::exp2(i) * 1.7345, std::exp2(i) * 1.0000000000000002})
            if (support::keeps_ieee) REQUIRE(kernels::detail::newton_sqrt(x) == std::sqrt(x));
}

TEMPLATE_TEST_CASE("powers", "[elementary]", float, double) {
    using T = TestType;
    for (const double y : {-3.7, -0.01, 0.3, 0.5, 1.0, 2.0, 17.25, 100.0}) {
        const auto pow = [=](auto x) {
            using V = decltype(x);
            return kernels::pow(x, kernels::splat<V>(static_cast<T>(y)));
        };
        const auto exact = [=](long double x) { return std::pow(x, static_cast<long double>(static_cast<T>(y))); };
        CAPTURE(y);
        CHECK(error<T>(pow, exact, -12, 9, true) <= 3);
        CHECK(error<T>(pow, exact, 0.9, 1.1) <= 3);
    }
    using limits = std::numeric_limits<T>;
    for (const T x : {T{0}, T{1}, T{2}, T{3}, T{0.5}, T{2.5}, limits::infinity(), limits::quiet_NaN(), limits::max(),
                      limits::denorm_min()})
        for (const T y : {T{0}, T{1}, T{2}, T{3}, T{0.5}, T{2.5}, limits::infinity(), limits::quiet_NaN(),
                          limits::max(), limits::denorm_min()})
            for (const T sx : {x, -x})
                for (const T sy : {y, -y}) {
                    if (!counts(sx) || !counts(sy)) continue;
                    CAPTURE(sx, sy);
                    CHECK(ulp(kernels::pow(sx, sy), static_cast<long double>(std::pow(sx, sy))) <= 3);
                    CHECK(ulp(kernels::pow(kernels::broadcast(sx), kernels::broadcast(sy))[0],
                              static_cast<long double>(std::pow(sx, sy))) <= 3);
                }
    constexpr auto compiled = table<T>([](T x) { return kernels::pow(x, T{-3.25}); }, 0, 10);
    CHECK(constant_error<T>(
              compiled, [](auto x) { return kernels::pow(x, kernels::splat<decltype(x)>(T{-3.25})); }) <= 2);
}

TEMPLATE_TEST_CASE("rounding", "[elementary]", float, double) {
    using T = TestType;
    const auto exactly = [](auto f, auto exact) {
        CHECK(error<T>(f, exact, -20.25, 20.25) == 0);
        CHECK(error<T>(f, exact, lowest<T>, highest<T>, true) == 0);
        CHECK(edge_error<T>(f, exact) == 0);
    };
    exactly([](auto x) { return kernels::floor(x); }, [](long double x) { return std::floor(x); });
    exactly([](auto x) { return kernels::ceil(x); }, [](long double x) { return std::ceil(x); });
    exactly([](auto x) { return kernels::trunc(x); }, [](long double x) { return std::trunc(x); });
    exactly([](auto x) { return kernels::round(x); }, [](long double x) { return std::nearbyint(x); });
    exactly([](auto x) { return kernels::abs(x); }, [](long double x) { return std::fabs(x); });
}

static_assert(kernels::round(2.5f) == 2 && kernels::round(3.5) == 4 && kernels::floor(-0.5) == -1 &&
              kernels::ceil(0.5f) == 1 && kernels::trunc(-1.5f) == -1);
static_assert(kernels::abs(-3) == 3 && kernels::sign(-2.5) == -1 && kernels::sign(7) == 1 && kernels::sign(0.0f) == 0);
static_assert(kernels::exp(0.0) == 1 && kernels::log(1.0f) == 0 && kernels::tanh(0.0f) == 0 &&
              kernels::sigmoid(0.0) == 0.5 && kernels::pow(2.0, 10.0) == 1024 && kernels::sqrt(9.0f) == 3 &&
              kernels::rsqrt(4.0) == 0.5 && kernels::acos(1.0) == 0);
static_assert(!support::keeps_ieee ||
              (kernels::exp(1000.0) == std::numeric_limits<double>::infinity() && kernels::exp(-1000.0f) == 0 &&
              kernels::log(0.0f) == -std::numeric_limits<float>::infinity() &&
              kernels::isnan(kernels::log(-1.0)) == 1 &&
              kernels::isnan(kernels::exp(std::numeric_limits<float>::quiet_NaN())) == 1));

TEMPLATE_TEST_CASE("signs and classes", "[elementary]", float, double) {
    using T = TestType;
    using limits = std::numeric_limits<T>;
    for (const T x : {T{0}, T{-2}, T{3}, limits::infinity(), -limits::infinity(), limits::quiet_NaN()}) {
        if (!counts(x)) continue;
        const vec<T> v = kernels::broadcast(x);
        CHECK(kernels::isnan(v)[0] == static_cast<T>(std::isnan(x)));
        CHECK(kernels::isinf(v)[0] == static_cast<T>(std::isinf(x)));
        CHECK(kernels::isfinite(v)[0] == static_cast<T>(std::isfinite(x)));
        CHECK(kernels::sign(v)[0] == static_cast<T>((x > 0) - (x < 0)));
        CHECK(kernels::sign(x) == static_cast<T>((x > 0) - (x < 0)));
    }
    CHECK(kernels::abs(kernels::broadcast(-3))[0] == 3);
    CHECK(kernels::sign(kernels::broadcast(-3))[0] == -1);
}
