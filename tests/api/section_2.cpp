// SPDX-License-Identifier: BSL-1.0
// Expressions and derivatives, as the documentation has them.
#include <ashlar/ashlar.hpp>

#include "support/catch.hpp"

#include <algorithm>
#include <cmath>
#include <iostream>
#include <sstream>

using ashlar::Tensor;

static auto scaled(const Tensor<float, 3>& t) {
    Tensor<float, 3> local{1, 10, 100};
    return t * std::move(local) + Tensor<float, 3>{1, 1, 1};  // over temporaries: safe to return
}

TEST_CASE("derivatives") {
    Tensor<float, 3> a{0.1f, 0.2f, 0.3f};
    auto x  = ashlar::variable<"x">(a);              // a named leaf; it refers to a, it does not copy it
    auto y  = sum(tanh(x) * x);                      // typed expression
    auto dy = grad(y, x);                            // again a typed expression, shape (3)
    Tensor<float, 3> g  = dy;
    Tensor<float, 3> h  = grad(sum(dy), x);          // second derivative
    std::cout << ashlar::print(dy) << '\n';          // readable mathematics
    float v = y;                                     // rank 0 converts to a scalar

    float expected = 0;
    for (int i = 0; i < 3; ++i) {
        const float t = std::tanh(a(i)), s = 1 - t * t;
        expected += t * a(i);
        CHECK(g(i) == Approx(t + a(i) * s).epsilon(1e-6));
        CHECK(h(i) == Approx(2 * s - 2 * a(i) * t * s).epsilon(1e-6));
    }
    CHECK(v == Approx(expected).epsilon(1e-6));
    std::ostringstream text;
    text << ashlar::print(dy);
    CHECK(text.str().find("tanh(x)") != std::string::npos);
}

TEST_CASE("ordinary tensors take part") {
    const auto p = Tensor<float, 4, 3>::generate([](std::size_t i, std::size_t j) {
        return static_cast<float>(i) - static_cast<float>(j);
    });
    const auto q =
        Tensor<float, 3, 8>::generate([](std::size_t i, std::size_t j) { return static_cast<float>(i * j) * 0.25f; });
    const auto bias = Tensor<float, 8>::full(0.5f);
    Tensor<float, 4, 8> c =
        relu(matmul(p, q) + bias) * 2.0f;  // ordinary tensors take part without a name, constant for grad
    auto s = sum<1>(c);  auto m = mean<0, 1>(c);  auto k = max<1, ashlar::keepdim>(c);

    float total = 0;
    for (int i = 0; i < 4; ++i)
        for (int j = 0; j < 8; ++j) {
            float product = 0;
            for (int l = 0; l < 3; ++l) product += p(i, l) * q(l, j);
            CHECK(c(i, j) == Approx(std::max(product + 0.5f, 0.0f) * 2).epsilon(1e-6));
            total += c(i, j);
        }
    static_assert(std::same_as<ashlar::shape_t<decltype(s)>, ashlar::Shape<4>>);
    static_assert(std::same_as<ashlar::shape_t<decltype(k)>, ashlar::Shape<4, 1>>);
    const float average = m;
    CHECK(average == Approx(total / 32).epsilon(1e-6));
    CHECK(ashlar::eval(k)(3, 0) == *std::max_element(&c(3, 0), &c(3, 0) + 8));
    CHECK(ashlar::eval(sum(s)) == Approx(total).epsilon(1e-6));
}

TEST_CASE("returning an expression over temporaries") {
    const Tensor<float, 3> t{1, 2, 3};
    CHECK(ashlar::eval(scaled(t)) == Tensor<float, 3>{2, 21, 301});
}

TEST_CASE("the right side is complete before the first store") {
    Tensor<float, 2, 2> x{{1, 2}, {3, 4}};
    x = matmul(x, transpose(x));
    CHECK(x == Tensor<float, 2, 2>{{5, 11}, {11, 25}});
}
