// SPDX-License-Identifier: BSL-1.0
// labels: text
// The derivative of every function as text: one line of mathematics each.
#include "support/catch.hpp"

#include <ashlar/ashlar.hpp>

#include <string>

using ashlar::Tensor;

static const Tensor<double, 3> p{0.1, 0.2, 0.3};
static const Tensor<double, 2, 3> q{};
static const auto x = ashlar::variable<"x">(p);
static const auto y = ashlar::variable<"y">(q);

static std::string derivative(const auto& of, const auto& leaf) { return ashlar::print(grad(of, leaf)).c_str(); }

TEST_CASE("derivatives of functions of one number as text", "[print]") {
    CHECK(derivative(sum(exp(x)), x) == "exp(x)");
    CHECK(derivative(sum(expm1(x)), x) == "expm1(x) + 1");
    CHECK(derivative(sum(log1p(x)), x) == "1 / (1 + x)");
    CHECK(derivative(sum(tan(x)), x) == "1 + tan(x)^2");
    CHECK(derivative(sum(asin(x)), x) == "rsqrt(1 - x^2)");
    CHECK(derivative(sum(acos(x)), x) == "-rsqrt(1 - x^2)");
    CHECK(derivative(sum(atan(x)), x) == "1 / (1 + x^2)");
    CHECK(derivative(sum(sinh(x)), x) == "cosh(x)");
    CHECK(derivative(sum(cosh(x)), x) == "sinh(x)");
    CHECK(derivative(sum(erf(x)), x) == "1.1283791670955126 * exp(-x^2)");
    CHECK(derivative(sum(abs(x)), x) == "sign(x)");
    CHECK(derivative(sum(rsqrt(x)), x) == "-0.5 * rsqrt(x)^3");
    CHECK(derivative(sum(clamp(x, 0.15, 0.25)), x) == "where(0.15 <= x, where(x <= 0.25, 1, 0), 0)");
    CHECK(derivative(sum(minimum(x, 0.2)), x) == "where(0.2 < x, 0, where(x == 0.2, 0.5, 1))");
    CHECK(derivative(sum(where(x > 0.2, x, 2.0)), x) == "where(0.2 < x, 1, 0)");
    CHECK(derivative(sum(relu(x)), x) == "where(relu(x) <= 0, 0, 1)");
    CHECK(derivative(sum(leaky_relu(x, 0.1)), x) == "where(0 < x, 1, 0.1)");
    CHECK(derivative(sum(silu(x)), x) == "sigmoid(x) * (1 + x * (1 - sigmoid(x)))");
    CHECK(derivative(sum(softplus(x)), x) == "where(20 < x, 1, sigmoid(x))");
}

TEST_CASE("derivatives of reductions and movement as text", "[print]") {
    CHECK(derivative(sum(1 / x), x) == "-1 / x / x");
    CHECK(derivative(sum(x * 1e300), x) == "1e+300");
    CHECK(derivative(prod(x), x) ==
          "where(x == 0, t4, prod(x) / t1)\n"
          "  where t1 = where(x == 0, 1, x)\n"
          "        t2 = prod<0, keepdim>(t1)\n"
          "        t3 = sum<0, keepdim>(x == 0)\n"
          "        t4 = where(t3 == 1, t2, where(t3 == 2, t2 * (sum<0, keepdim>(where(x == 0, x, 0)) - x), 0))");
    CHECK(derivative(logsumexp(x), x) ==
          "1 / sum(exp(x - t1)) * exp(x - t1)\n"
          "  where t1 = clamp(max<0, keepdim>(x), -1.7976931348623157e+308, 1.7976931348623157e+308)");
    CHECK(derivative(var(x), x) == "(x - 1/3 * sum<0, keepdim>(x))");
    CHECK(derivative(sum(gelu(x)), x) ==
          "0.3989422804014327 * x * exp(-t1^2) + 0.5 * (1 + erf(t1))\n  where t1 = 0.7071067811865476 * x");
    CHECK(derivative(sum(max<1>(y)), y) == "where(arange(3) == argmax<1, keepdim>(y), 1, 0)");
    CHECK(derivative(sum(softmax<1>(y) * y), y) ==
          "t1 / t2 + (y / t2 + sum<1, keepdim>(-y * t1 / t2 / t2)) * t1\n"
          "  where t1 = exp(y - max<1, keepdim>(y))\n"
          "        t2 = sum<1, keepdim>(t1)");
    CHECK(derivative(sum(concat<0>(y, y * y)), y) == "2 * expand<4, 3>(1)[2:, :] * y + expand<4, 3>(1)[:2, :]");
    CHECK(derivative(sum(permute<1, 0>(y)), y) == "transpose(expand<3, 2>(1))");
    CHECK(derivative(sum(ashlar::reshape<6>(y) * 2.0), y) == "reshape<2, 3>(2)");
    CHECK(derivative(sum(ashlar::expand<2, 3>(x)), x) == "2");
    CHECK(derivative(sum(ashlar::stop_gradient(x) * x), x) == "x");
    CHECK(derivative(sum(floor(x) * x), x) == "floor(x)");
}
