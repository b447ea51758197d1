// SPDX-License-Identifier: BSL-1.0
// Operands of different element types: both become the wider one, whole numbers stay exact.
#include "support/catch.hpp"

#include <ashlar/ashlar.hpp>

namespace nn = ashlar::nn;
using ashlar::Tensor;

static const Tensor<float, 2, 2> floats{{1, 2}, {3, 4}};
static const Tensor<double, 2, 2> doubles{{1, 2}, {3, 4}};
static const Tensor<int, 2, 2> ints{{1, 2}, {3, 4}};

TEST_CASE("products of two element types", "[ops]") {
    CHECK(ashlar::eval(matmul(floats, doubles)) == Tensor<double, 2, 2>{{7, 10}, {15, 22}});
    CHECK(ashlar::eval(matmul(doubles, floats)) == Tensor<double, 2, 2>{{7, 10}, {15, 22}});
    CHECK(ashlar::eval(matmul(ints, floats)) == Tensor<float, 2, 2>{{7, 10}, {15, 22}});
    CHECK(ashlar::eval(matmul(ints, ints)) == Tensor<int, 2, 2>{{7, 10}, {15, 22}});
    CHECK(ashlar::eval(matmul(floats > 1, ints > 1)) == Tensor<int, 2, 2>{{1, 1}, {1, 2}});
    const double inner = dot(Tensor<float, 2>{1, 2}, Tensor<double, 2>{0.1, 0.2});
    CHECK(inner == Approx(0.5).epsilon(1e-15));
}

TEST_CASE("derivatives of products of two element types", "[ops]") {
    const auto x = ashlar::variable<"x">(floats);
    const auto y = ashlar::variable<"y">(doubles);
    CHECK(ashlar::eval(grad(sum(matmul(x, doubles)), x)) == Tensor<float, 2, 2>{{3, 7}, {3, 7}});
    CHECK(ashlar::eval(grad(sum(matmul(floats, y)), y)) == Tensor<double, 2, 2>{{4, 4}, {6, 6}});
}

TEST_CASE("an epilogue wider than its product", "[ops]") {
    CHECK(ashlar::eval(matmul(floats, floats) * Tensor<double, 2>{0.1, 0.2})(0, 0) == 7 * 0.1);
}

TEST_CASE("a layer of float weights on whole numbers", "[ops]") {
    nn::Linear<2, 1> layer;
    layer.weight = Tensor<float, 1, 2>{{1, 1}};
    layer.bias = Tensor<float, 1>{0.5f};
    CHECK(ashlar::eval(layer(Tensor<int, 2>{1, 2})) == Tensor<float, 1>{3.5f});
}

TEST_CASE("whole numbers beyond 2^24 are compared exactly", "[ops]") {
    const Tensor<int, 2> big{16777217, 16777216};
    CHECK(ashlar::eval(where(eq(big, 16777216), 1.5f, 0.0f)) == Tensor<float, 2>{0, 1.5f});
    CHECK(ashlar::eval(sum(ashlar::to<float>(eq(big, 16777216)))) == 1);
    CHECK(ashlar::eval(where(Tensor<float, 2>{1, -1} > 0, 2.0f, ashlar::to<float>(big - 1))) ==
          Tensor<float, 2>{2, 16777215});
}

TEST_CASE("neg is the minus sign", "[ops]") { CHECK(ashlar::eval(neg(floats)) == ashlar::eval(-floats)); }
