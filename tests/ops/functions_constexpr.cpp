// SPDX-License-Identifier: BSL-1.0
// Element-wise functions give in constant expressions what they give at run time, within 2 ULP.

#include <ashlar/ashlar.hpp>

#include "support/compare.hpp"

using namespace ashlar;

// Eleven elements: at run time whole vectors and a rest.
template <class T> constexpr Tensor<T, 11> anywhere{-2.7, -1.5, -0.9, -0.25, -0.0, 0.1, 0.5, 0.75, 1.2, 2.5, 3.9};
template <class T> constexpr Tensor<T, 11> positive{1e-3, 0.1, 0.2, 0.5, 0.9, 1, 1.1, 2, 5, 20, 87};
template <class T> constexpr Tensor<T, 11> unit{-0.99, -0.7, -0.5, -0.2, -0.0, 0.05, 0.3, 0.45, 0.6, 0.8, 0.95};

template <auto F, class T, std::size_t... Dims> constexpr auto folded(const Tensor<T, Dims...>& x) {
    return eval(F(x));
}

// The largest distance between F's values in a constant expression and at run time.
template <auto F, const auto& X> double distance() {
    static constexpr auto now = folded<F>(X);
    const auto copy = X;
    const auto later = eval(F(copy));
    double most = 0;
    for (std::size_t i = 0; i < now.size(); ++i) most = std::max(most, support::ulps(now.data()[i], later.data()[i]));
    return most;
}
template <auto F, const auto& Single, const auto& Double> void same() {
    CHECK(distance<F, Single>() <= 2);
    CHECK(distance<F, Double>() <= 2);
}

TEST_CASE("exponentials and logarithms in constant expressions", "[constexpr]") {
    same<[](const auto& x) { return exp(x); }, anywhere<float>, anywhere<double>>();
    same<[](const auto& x) { return expm1(x); }, anywhere<float>, anywhere<double>>();
    same<[](const auto& x) { return log(x); }, positive<float>, positive<double>>();
    same<[](const auto& x) { return log1p(x); }, positive<float>, positive<double>>();
    same<[](const auto& x) { return sqrt(x); }, positive<float>, positive<double>>();
    same<[](const auto& x) { return rsqrt(x); }, positive<float>, positive<double>>();
    same<[](const auto& x) { return pow(positive<float>, x); }, anywhere<float>, anywhere<double>>();
}

TEST_CASE("trigonometry in constant expressions", "[constexpr]") {
    same<[](const auto& x) { return sin(x); }, anywhere<float>, anywhere<double>>();
    same<[](const auto& x) { return cos(x); }, anywhere<float>, anywhere<double>>();
    same<[](const auto& x) { return tan(x); }, unit<float>, unit<double>>();
    same<[](const auto& x) { return asin(x); }, unit<float>, unit<double>>();
    same<[](const auto& x) { return acos(x); }, unit<float>, unit<double>>();
    same<[](const auto& x) { return atan(x); }, anywhere<float>, anywhere<double>>();
}

TEST_CASE("more functions in constant expressions", "[constexpr]") {
    same<[](const auto& x) { return asinh(x); }, anywhere<float>, anywhere<double>>();
    same<[](const auto& x) { return acosh(x + 1); }, positive<float>, positive<double>>();
    same<[](const auto& x) { return atanh(x); }, unit<float>, unit<double>>();
    same<[](const auto& x) { return erfc(x); }, anywhere<float>, anywhere<double>>();
    same<[](const auto& x) { return lgamma(x) + digamma(x); }, positive<float>, positive<double>>();
    same<[](const auto& x) { return hypot(x, 2) + atan2(x, 0.5); }, anywhere<float>, anywhere<double>>();
    same<[](const auto& x) { return logaddexp(x, 2); }, anywhere<float>, anywhere<double>>();
    same<[](const auto& x) { return fmod(x, 0.7) + remainder(x, 0.7); }, anywhere<float>, anywhere<double>>();
}
