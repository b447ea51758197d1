// SPDX-License-Identifier: BSL-1.0
// Activations and arithmetic in constant expressions beside run time, within 2 ULP; whole programs as constants.

#include <ashlar/ashlar.hpp>

#include "support/compare.hpp"

using namespace ashlar;

template <class T> constexpr Tensor<T, 11> anywhere{-2.7, -1.5, -0.9, -0.25, -0.0, 0.1, 0.5, 0.75, 1.2, 2.5, 3.9};

template <auto F, const auto& X> double distance() {
    static constexpr auto now = eval(F(X));
    const auto copy = X;
    const auto later = eval(F(copy));
    double most = 0;
    for (std::size_t i = 0; i < now.size(); ++i) most = std::max(most, support::ulps(now.data()[i], later.data()[i]));
    return most;
}
template <auto F> void same() {
    CHECK(distance<F, anywhere<float>>() <= 2);
    CHECK(distance<F, anywhere<double>>() <= 2);
}

TEST_CASE("hyperbolic functions in constant expressions", "[constexpr]") {
    same<[](const auto& x) { return sinh(x); }>();
    same<[](const auto& x) { return cosh(x); }>();
    same<[](const auto& x) { return tanh(x); }>();
    same<[](const auto& x) { return sigmoid(x); }>();
    same<[](const auto& x) { return erf(x); }>();
    same<[](const auto& x) { return softplus(x); }>();
}

TEST_CASE("roundings, powers and choices in constant expressions", "[constexpr]") {
    same<[](const auto& x) { return floor(x) + ceil(x) - round(x) + sign(x) * abs(x); }>();
    same<[](const auto& x) { return pow<5>(x) + leaky_relu(x) + relu(x); }>();
    same<[](const auto& x) { return where(x < 0, clamp(x, -1, 0), minimum(maximum(x, 0.5), 3)); }>();
}

// Tensors of constant expressions are compared whole.
constexpr Tensor<double, 2, 3> table{{1, 2, 3}, {4, 5, 6}};
static_assert(sum<1>(table) == Tensor<double, 2>{6, 15});
static_assert(matmul(table, transpose(table)) == Tensor<double, 2, 2>{{14, 32}, {32, 77}});
static_assert(argmax<1>(table) == Tensor<int, 2>{2, 2} && max(table) == Tensor<double>{6} &&
              prod<0>(table) == Tensor<double, 3>{4, 10, 18});
static_assert(concat<1>(table, slice<1, -1, 3>(table)) == Tensor<double, 2, 4>{{1, 2, 3, 3}, {4, 5, 6, 6}});
static_assert(to<int>(table / 2) == Tensor<int, 2, 3>{{0, 1, 1}, {2, 2, 3}} &&
              all(isfinite(table)) == Tensor<bool>{true});
static_assert(pow(Tensor<int, 3>{-2, 0, 3}, 3) == Tensor<int, 3>{-8, 0, 27});
static_assert([] {
    const Tensor<double, 3> at{1, 2, 3};
    const auto x = variable<"x">(at);
    return eval(grad(sum(x * x * x), x)) == Tensor<double, 3>{3, 12, 27} &&
           eval(grad(sum(grad(sum(pow<3>(x)), x)), x)) == Tensor<double, 3>{6, 12, 18};
}());
