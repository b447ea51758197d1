// SPDX-License-Identifier: BSL-1.0
// labels: widths
// Functions of one real number: shape, values beside the standard library's, edges.

#include <ashlar/ashlar.hpp>

#include "support/compare.hpp"

#include <bit>
#include <cstdint>
#include <limits>

using namespace ashlar;

constexpr double inf = std::numeric_limits<double>::infinity(), NaN = std::numeric_limits<double>::quiet_NaN();

// Nineteen elements: whole vectors and a rest. `scale` brings them into the function's domain.
template <class T> Tensor<T, 19> line(double low, double high) {
    return Tensor<T, 19>::generate([=](std::size_t i) { return low + (high - low) * static_cast<double>(i) / 18; });
}

template <class Op, class Std> void values_agree(const char* name, Op op, Std expected, double low, double high) {
    INFO(name);
    const auto x = line<double>(low, high);
    const auto y = op(x);
    static_assert(std::same_as<shape_t<decltype(y)>, Shape<19>>);
    static_assert(std::same_as<typename decltype(y)::value_type, double>);
    const Tensor<double, 19> got = y;
    const auto narrow = line<float>(low, high);
    const Tensor<float, 19> single = op(narrow);
    for (std::size_t i = 0; i < 19; ++i) {
        CHECK(support::ulps(got(i), static_cast<double>(expected(x(i)))) <= 4);
        CHECK(support::ulps(single(i), static_cast<float>(expected(static_cast<double>(narrow(i))))) <= 4);
    }
}

TEST_CASE("exponentials and logarithms", "[exp]") {
    values_agree("exp", [](const auto& x) { return exp(x); }, [](double x) { return std::exp(x); }, -20, 20);
    values_agree("expm1", [](const auto& x) { return expm1(x); }, [](double x) { return std::expm1(x); }, -2, 2);
    values_agree("log", [](const auto& x) { return log(x); }, [](double x) { return std::log(x); }, 0.01, 90);
    values_agree("log1p", [](const auto& x) { return log1p(x); }, [](double x) { return std::log1p(x); }, -0.7, 5);
    values_agree("sqrt", [](const auto& x) { return sqrt(x); }, [](double x) { return std::sqrt(x); }, 0, 9);
    values_agree("rsqrt", [](const auto& x) { return rsqrt(x); }, [](double x) { return 1 / std::sqrt(x); }, 0.1, 9);
}

TEST_CASE("trigonometry", "[sin]") {
    values_agree("sin", [](const auto& x) { return sin(x); }, [](double x) { return std::sin(x); }, 0.1, 8);
    values_agree("cos", [](const auto& x) { return cos(x); }, [](double x) { return std::cos(x); }, 0.1, 8);
    values_agree("tan", [](const auto& x) { return tan(x); }, [](double x) { return std::tan(x); }, -1.4, 1.5);
    values_agree("asin", [](const auto& x) { return asin(x); }, [](double x) { return std::asin(x); }, -1, 1);
    values_agree("acos", [](const auto& x) { return acos(x); }, [](double x) { return std::acos(x); }, -1, 1);
    values_agree("atan", [](const auto& x) { return atan(x); }, [](double x) { return std::atan(x); }, -7, 7);
}

TEST_CASE("hyperbolic functions, sigmoid, erf", "[tanh]") {
    values_agree("sinh", [](const auto& x) { return sinh(x); }, [](double x) { return std::sinh(x); }, -9, 9);
    values_agree("cosh", [](const auto& x) { return cosh(x); }, [](double x) { return std::cosh(x); }, -9, 9);
    values_agree("tanh", [](const auto& x) { return tanh(x); }, [](double x) { return std::tanh(x); }, -9, 9);
    values_agree(
        "sigmoid", [](const auto& x) { return sigmoid(x); }, [](double x) { return 1 / (1 + std::exp(-x)); }, -9, 9);
    values_agree("erf", [](const auto& x) { return erf(x); }, [](double x) { return std::erf(x); }, -3, 3);
}

TEST_CASE("rounding and signs", "[floor]") {
    const Tensor<double, 9> x{-2.5, -1.5, -0.5, -0.0, 0.5, 1.5, 2.5, inf, NaN};
    CHECK(support::first_difference(eval(floor(x)), Tensor<double, 9>{-3, -2, -1, 0, 0, 1, 2, inf, NaN}, 0) == -1);
    CHECK(support::first_difference(eval(ceil(x)), Tensor<double, 9>{-2, -1, 0, 0, 1, 2, 3, inf, NaN}, 0) == -1);
    CHECK(support::first_difference(eval(round(x)), Tensor<double, 9>{-2, -2, 0, 0, 0, 2, 2, inf, NaN}, 0) == -1);
    CHECK(support::first_difference(eval(abs(x)), Tensor<double, 9>{2.5, 1.5, 0.5, 0, 0.5, 1.5, 2.5, inf, NaN}, 0) ==
          -1);
    CHECK(support::first_difference(eval(sign(x)), Tensor<double, 9>{-1, -1, -1, 0, 1, 1, 1, 1, 0}, 0) == -1);
}

TEST_CASE("edges", "[exp]") {
    const Tensor<double, 5> x{-inf, -0.0, 1e-300, inf, NaN};
    CHECK(support::first_difference(eval(exp(x)), Tensor<double, 5>{0, 1, 1, inf, NaN}, 0) == -1);
    CHECK(support::first_difference(eval(log(x)), Tensor<double, 5>{NaN, -inf, std::log(1e-300), inf, NaN}, 1e-15) ==
          -1);
    CHECK(support::first_difference(eval(log1p(x)), Tensor<double, 5>{NaN, 0, 1e-300, inf, NaN}, 0) == -1);
    CHECK(support::first_difference(eval(sigmoid(x)), Tensor<double, 5>{0, 0.5, 0.5, 1, NaN}, 0) == -1);
    CHECK(support::first_difference(eval(tanh(x)), Tensor<double, 5>{-1, 0, 1e-300, 1, NaN}, 0) == -1);
    CHECK(support::first_difference(eval(sqrt(x)), Tensor<double, 5>{NaN, 0, 1e-150, inf, NaN}, 1e-15) == -1);
    CHECK(support::first_difference(eval(sin(x)), Tensor<double, 5>{NaN, 0, 1e-300, NaN, NaN}, 0) == -1);
    CHECK(std::signbit(eval(tanh(x))(1)));
    CHECK(std::signbit(eval(expm1(x))(1)));
}

TEST_CASE("the rectifier at zeros and nan", "[relu]") {
    const auto rectified = []<std::size_t N>() {  // one lane, and whole vectors
        auto x = Tensor<float, N>::full(-0.0f);
        x(0) = std::numeric_limits<float>::quiet_NaN();
        return Tensor<float, N>{relu(x)};
    };
    const auto few = rectified.operator()<2>();
    const auto many = rectified.operator()<19>();
    CHECK(std::isnan(few(0)));
    CHECK(std::isnan(many(0)));
    for (std::size_t i = 1; i < 19; ++i) CHECK((many(i) == 0 && std::signbit(many(i))));  // as torch.relu
    CHECK(std::signbit(few(1)));
    static_assert(std::bit_cast<std::uint32_t>(eval(relu(Tensor<float, 1>{-0.0f}))(0)) == 0x80000000);
    static_assert(eval(relu(Tensor<float, 2>{-1, 2})) == Tensor<float, 2>{0, 2});
}

TEST_CASE("tests for nan and infinity", "[isnan]") {
    const Tensor<float, 5> x{1.0f, static_cast<float>(NaN), static_cast<float>(inf), -static_cast<float>(inf), 0.0f};
    CHECK(isnan(x) == Tensor<bool, 5>{false, true, false, false, false});
    CHECK(isinf(x) == Tensor<bool, 5>{false, false, true, true, false});
    CHECK(isfinite(x) == Tensor<bool, 5>{true, false, false, false, true});
    CHECK(isfinite(Tensor<int, 2>{1, 2}) == Tensor<bool, 2>{true, true});
}
