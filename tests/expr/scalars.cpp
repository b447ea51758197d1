// SPDX-License-Identifier: BSL-1.0
// Numbers in expressions: run-time values that one compiled program serves.
#include "support/catch.hpp"

#include <ashlar/ashlar.hpp>

using ashlar::Tensor;

static_assert(std::same_as<decltype(Tensor<float, 2>{} * 2.0)::value_type, float>);  // a number takes the tensor's type
static_assert(std::same_as<decltype(Tensor<double, 2>{} * 2)::value_type, double>);
static_assert(std::same_as<decltype(Tensor<int, 2>{} + 1)::value_type, int>);
static_assert(std::same_as<decltype(Tensor<int, 2>{} * 0.5)::value_type, float>);

template <class T> static Tensor<float, 3> scaled(const Tensor<float, 3>& t, T by) { return t * by; }

TEST_CASE("a number is bound when it is used", "[expr]") {
    const Tensor<float, 3> t{1, 2, 3};
    for (int i = 0; i < 4; ++i) {
        const float f = static_cast<float>(i);
        CHECK(scaled(t, f) == Tensor<float, 3>{f, 2 * f, 3 * f});
        CHECK(scaled(t, i) == Tensor<float, 3>{f, 2 * f, 3 * f});
    }
}

TEST_CASE("equal numbers are different scalars", "[expr]") {
    const Tensor<float, 3> t{1, 2, 3};
    const auto f = [&](float a, float b) { return ashlar::eval((t + a) * (t + b)); };
    CHECK(f(1, 1) == Tensor<float, 3>{4, 9, 16});
    CHECK(f(1, 0) == Tensor<float, 3>{2, 6, 12});  // the same program
}

TEST_CASE("a number is kept by value", "[expr]") {
    const Tensor<float, 2> t{1, 2};
    float by = 3;
    const auto e = t * by;
    by = 100;
    CHECK(ashlar::eval(e) == Tensor<float, 2>{3, 6});
}

TEST_CASE("numbers stand on either side", "[expr]") {
    const Tensor<float, 2> t{1, 4};
    CHECK(ashlar::eval(1.0f - t) == Tensor<float, 2>{0, -3});
    CHECK(ashlar::eval(8.0f / t) == Tensor<float, 2>{8, 2});
    CHECK(ashlar::eval(2 + t + 1) == Tensor<float, 2>{4, 7});
    CHECK(ashlar::eval(-t) == Tensor<float, 2>{-1, -4});
}

TEST_CASE("a tensor of rank 0 is a tensor", "[expr]") {
    Tensor<float> s = 2.0f;
    const Tensor<float, 2> t{1, 4};
    const auto e = t * s;
    CHECK(ashlar::eval(e) == Tensor<float, 2>{2, 8});
    s = 3.0f;  // referred to
    CHECK(ashlar::eval(e) == Tensor<float, 2>{3, 12});
    const auto x = ashlar::variable<"s">(s);
    const float derivative = grad(sum(t * x * x), x);
    CHECK(derivative == 30.0f);
}

TEST_CASE("an expression of rank 0 converts to its element", "[expr]") {
    const Tensor<float, 3> t{1, 2, 3};
    const float total = sum(t);
    const double wide = sum(t);
    CHECK(total == 6.0f);
    CHECK(wide == 6.0);
    CHECK(sum(t) < 7.0f);
    const Tensor<float> rank0 = mean(t);
    CHECK(static_cast<float>(rank0) == 2.0f);
}
