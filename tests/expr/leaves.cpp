// SPDX-License-Identifier: BSL-1.0
// What an expression refers to and what it keeps.
#include "support/catch.hpp"

#include "support/child.hpp"

#include <ashlar/ashlar.hpp>

#include <utility>

using ashlar::Tensor;
using ashlar::variable;

TEST_CASE("a name is one object within an expression", "[expr]") {
    Tensor<float, 3> a{1, 2, 3};
    const auto x = variable<"x">(a), again = variable<"x">(a);
    CHECK(ashlar::eval(x * again) == Tensor<float, 3>{1, 4, 9});
    CHECK(ashlar::eval(grad(sum(x * again), x)) == Tensor<float, 3>{2, 4, 6});  // both occurrences are x
}

TEST_CASE("two objects under one name are fatal", "[expr]") {
    Tensor<float, 3> a{1, 2, 3}, b{4, 5, 6};
    const auto x = variable<"x">(a), other = variable<"x">(b);
    Tensor<float, 3> out;
    const auto ending = support::ending_of([&] { out = x + other; });
    CHECK(ending.aborted);
    CHECK(ending.message == "ashlar: two leaves of one name are different objects\n");
    const auto in_gradient = support::ending_of([&] { out = grad(sum(x * other), x); });
    CHECK(in_gradient.aborted);
    CHECK_FALSE(support::ending_of([&] { out = x + x; }).aborted);
}

TEST_CASE("the message of a fatal end goes where the program wants it", "[expr]") {
    Tensor<float, 3> a{1, 2, 3}, b{4, 5, 6};
    const auto ending = support::ending_of([&] {
        ashlar::fatal_handler = [](const char* message) noexcept { std::fprintf(stderr, "logged: %s\n", message); };
        const Tensor<float, 3> out = variable<"x">(a) + variable<"x">(b);
        std::fprintf(stderr, "%g", static_cast<double>(out(0)));
    });
    CHECK(ending.aborted);
    CHECK(ending.message == "logged: two leaves of one name are different objects\n");
}

TEST_CASE("a leaf refers to its tensor", "[expr]") {
    Tensor<float, 2> a{1, 2};
    const auto y = sum(variable<"x">(a) * 2.0f);
    CHECK(static_cast<float>(y) == 6.0f);
    a(0) = 10;
    CHECK(static_cast<float>(y) == 24.0f);
}

TEST_CASE("a view can have a name", "[expr]") {
    float memory[] = {1, 2, 3};
    const ashlar::TensorView<float, 3> view{memory};
    const auto x = variable<"x">(view);
    CHECK(ashlar::eval(grad(sum(x * x * x), x)) == Tensor<float, 3>{3, 12, 27});
}

static auto over_temporaries() { return Tensor<float, 2>{1, 2} + Tensor<float, 2>{10, 20} * 2.0f; }

static auto over_a_moved_local() {
    Tensor<float, 2> local{3, 4};
    return std::move(local) * 2.0f;
}

static auto squared(const auto& x) { return x * x; }

TEST_CASE("temporary tensors live in the expression", "[expr]") {
    const auto e = over_temporaries();
    const Tensor<float, 64> noise = Tensor<float, 64>::full(7);  // other use of the stack
    CHECK(noise(0) == 7.0f);
    CHECK(ashlar::eval(e) == Tensor<float, 2>{21, 42});
    CHECK(ashlar::eval(over_a_moved_local()) == Tensor<float, 2>{6, 8});
    const auto copy = e;
    CHECK(ashlar::eval(copy) == Tensor<float, 2>{21, 42});
}

TEST_CASE("a temporary model and a temporary input", "[expr]") {
    const auto e = ashlar::nn::Linear<2, 1>{ashlar::seed(1)}(Tensor<float, 2>{1, 1});
    const ashlar::nn::Linear<2, 1> same{ashlar::seed(1)};
    CHECK(ashlar::eval(e)(0) == Approx(same.weight(0, 0) + same.weight(0, 1) + same.bias(0)));
}

TEST_CASE("functions take and return expressions", "[expr]") {
    const Tensor<float, 2> a{1, 2};
    const auto x = variable<"x">(a);
    CHECK(ashlar::eval(squared(squared(x))) == Tensor<float, 2>{1, 16});
    CHECK(ashlar::eval(grad(sum(squared(squared(x))), x)) == Tensor<float, 2>{4, 32});
    CHECK(ashlar::eval(squared(a)) == Tensor<float, 2>{1, 4});
}
