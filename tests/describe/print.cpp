// SPDX-License-Identifier: BSL-1.0
// labels: text
// What `print` says of expressions and of their derivatives.
#include <ashlar/ashlar.hpp>

#include "support/catch.hpp"

#include <sstream>

using ashlar::grad, ashlar::print, ashlar::Tensor;

namespace {
Tensor<float, 3> a{0.1f, 0.2f, 0.3f};
Tensor<float, 4, 3> p{};
Tensor<float, 3, 8> q{};
Tensor<float, 8> r{};
const auto x = ashlar::variable<"x">(a);
const auto m = ashlar::variable<"m">(p);
const auto w = ashlar::variable<"w">(q);
const auto b = ashlar::variable<"b">(r);
}  // namespace

TEST_CASE("operators with as few parentheses as they need") {
    CHECK(print(x - (x - 1)) == "x - (x - 1)");
    CHECK(print((x + 1) * (x - 1) / x) == "(x + 1) * (x - 1) / x");
    CHECK(print(x / (x * x)) == "x / x^2");
    CHECK(print(-(x * x) - -x) == "-x^2 + x");
    CHECK(print(x * x * x + -2.5f * x) == "x^3 - 2.5 * x");
    CHECK(print(1.0f / x + 1e-8f) == "1 / x + 1e-08");
    CHECK(print(where(x < 1, pow<3>(x), pow(x, 2.5f))) == "where(x < 1, x^3, x^2.5)");
    CHECK(print(square(x + 1)) == "(x + 1)^2");
}

TEST_CASE("functions, axes and views") {
    CHECK(print(sum(tanh(x) * x)) == "sum(tanh(x) * x)");
    CHECK(print(m - mean<1, ashlar::keepdim>(m)) == "m - 1/3 * sum<1, keepdim>(m)");
    CHECK(print(argmax<1>(m)) == "argmax<1>(m)");
    CHECK(print(matmul(transpose(w), transpose(m))) == "matmul(transpose(w), transpose(m))");
    CHECK(print(permute<1, 2, 0>(ashlar::reshape<2, 2, 3>(m))) == "permute<1, 2, 0>(reshape<2, 2, 3>(m))");
    CHECK(print(ashlar::slice<0, 1, 3>(m + 1)) == "(m + 1)[1:3, :]");
    CHECK(print(ashlar::flip<1>(ashlar::slice<0, 0, 4, 2>(m))) == "m[::2, ::-1]");
    CHECK(print(ashlar::unsqueeze<0>(m)) == "unsqueeze<0>(m)");
    CHECK(print(ashlar::concat<0>(m, m * 3.5f, m)) == "concat<0>(m, m * 3.5, m)");
}

TEST_CASE("names: leaves, letters for other tensors, what is used twice") {
    CHECK(print(relu(matmul(p, q) + r) * 2.0f) == "relu(matmul(a, b) + c) * 2\n  with a (4, 3), b (3, 8), c (8)");
    CHECK(print(a * a + Tensor<float, 3>{}) == "a * a + b\n  with a (3), b (3)");
    const auto named = ashlar::variable<"a">(a);
    CHECK(print(named * (a + p)) == "a * (b + c)\n  with b (3), c (4, 3)");
    CHECK(print(softmax<1>(m)) == "t1 / sum<1, keepdim>(t1)\n  where t1 = exp(m - max<1, keepdim>(m))");
}

TEST_CASE("derivatives") {
    const auto y = sum(tanh(x) * x);
    const auto dy = grad(y, x);
    CHECK(print(dy) == "tanh(x) + x * (1 - tanh(x)^2)");
    CHECK(print(grad(sum(dy), x)) == "1 - tanh(x)^2 + (1 - x * tanh(x) - x * tanh(x)) * (1 - tanh(x)^2)");
    CHECK(print(grad(sum(log(x) * sin(x)), x)) == "log(x) * cos(x) + sin(x) / x");
    CHECK(print(grad(sum(sigmoid(x)), x)) == "sigmoid(x) * (1 - sigmoid(x))");
    CHECK(print(grad(sum(sqrt(x)), x)) == "1 / (2 * sqrt(x))");
    CHECK(print(grad(sum(pow<3>(x)), x)) == "3 * x^2");
    CHECK(print(grad(sum(x), x)) == "1");
    CHECK(print(grad(sum(tanh(matmul(m, w) + b)), w)) == "matmul(transpose(m), 1 - tanh(matmul(m, w) + b)^2)");
    CHECK(print(grad(sum(tanh(matmul(m, w) + b)), b)) == "sum<0>(1 - tanh(matmul(m, w) + b)^2)");
    CHECK(print(grad(mean(square(matmul(p, w) - b)), w)) ==
          "matmul(transpose(a), 0.0625 * (matmul(a, w) - b))\n  with a (4, 3)");
    CHECK(print(grad(sum(ashlar::slice<0, 1, 3>(m) * 2.0f), m)) == "pad<0, 0, 1, 1>(expand<2, 3>(2))");
}

TEST_CASE("models: parameters by path, options by name") {
    ashlar::nn::Sequential<ashlar::nn::Linear<3, 8>, ashlar::nn::LeakyReLU, ashlar::nn::Linear<8, 2>> model;
    CHECK(print(model(x)) ==
          "t1 + 2.bias\n"
          "  where t1 = matmul(leaky_relu(matmul(x, transpose(0.weight)) + 0.bias, 1.negative_slope), "
          "transpose(2.weight))");
    ashlar::nn::Linear<3, 3> one, other;
    CHECK(print(one(other(x))) == "matmul(matmul(x, transpose(weight)) + bias, transpose(weight_2)) + bias_2");
    CHECK(print(one(one(x))) == "matmul(matmul(x, transpose(weight)) + bias, transpose(weight)) + bias");
}

TEST_CASE("numbers are those that the expression holds, in any locale") {
    const float rate = 0.1f;
    const double tenth = 0.1;
    const Tensor<double, 2> d{1, 2};
    CHECK(print(rate * x) == "0.1 * x");
    CHECK(print(tenth * d) == "0.1 * a\n  with a (2)");
}

TEST_CASE("text goes into streams") {
    std::ostringstream out;
    out << print(x + 1) << '.';
    CHECK(out.str() == "x + 1.");
}
