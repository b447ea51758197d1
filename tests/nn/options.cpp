// SPDX-License-Identifier: BSL-1.0
// labels: types
// Options in a body: every operator and function takes them beside numbers, other options and expressions, in both
// orders.
#include "support/catch.hpp"

#include "support/compare.hpp"

#include <ashlar/ashlar.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

namespace nn = ashlar::nn;
using ashlar::Tensor;

namespace {

// Each as a member of its own: f(x) for x a handle of the body, where a is a tensor and p, q are options.
struct Options {
    Tensor<float, 3> a;
    ashlar::option p = 0.25, q = 2;
    float plain = 1.5f;
    using members = ashlar::members<&Options::a, &Options::p, &Options::q, &Options::plain>;
};
struct Arithmetic : Options {
    constexpr auto operator()(ashlar::expression auto x) const {
        return stack<0>(x * (1 - p), (p + 1) * x, (2 / q) - x, x / (q * p), x + (q - p), -p * x, (p + p) + x,
                        (3.0 * p - q / 4) * x, a * p + x, a * (1 - p) - x, x + plain * (1 - p), x - (0.5f * q) * p * p,
                        ((1 - p) * (1 - q)) * x);
    }
};
struct Functions : Options {
    constexpr auto operator()(ashlar::expression auto x) const {
        return stack<0>(x * sqrt(p), x + exp(-q), pow(x * x, q - 1), x + pow(p, 2), x + pow(2, p), x + pow<3>(p),
                        minimum(x, 1 - p), x + maximum(p, q), clamp(x, -p, p), where(p < 0.5, x, 0),
                        where(x > p * q, q, 1 - p), x + where(q <= 1, p, 1), leaky_relu(x, 1 - p), softplus(x, 1 / q),
                        x + silu(q), x + abs(p - q), x * to<float>(eq(p * 4, 1)), to<float>(p >= x), x + square(p - 1),
                        x + sigmoid(p) * tanh(q));
    }
};
// The derivative with respect to a member is an expression of the body, too.
struct Inner : Options {
    constexpr auto operator()(ashlar::expression auto x) const {
        const auto v = ashlar::variable<"v">(a);
        return x + grad(sum(v * v * p), v);
    }
};
struct InDouble : Options {
    constexpr auto operator()(ashlar::expression auto x) const { return x * (1 - p); }
};

constexpr float xs[] = {-1.5f, 0.125f, 2};
constexpr float as[] = {1, 2, -3};

template <class Model> Model set(double p, double q) {
    Model m{};
    m.a = Tensor<float, 3>{as[0], as[1], as[2]};
    m.p = p, m.q = q;
    return m;
}

template <std::size_t N, class F> void agrees(const Tensor<float, N, 3>& got, F expected) {
    for (std::size_t i = 0; i < 3; ++i) {
        const auto row = expected(static_cast<double>(xs[i]), static_cast<double>(as[i]));
        REQUIRE(row.size() == N);
        for (std::size_t n = 0; n < N; ++n) {
            INFO("row " << n << ", x = " << xs[i]);
            CHECK(support::close(static_cast<double>(got(n, i)), row[n], 2e-6));
        }
    }
}

}  // namespace

TEST_CASE("arithmetic of options in a body", "[nn]") {
    const Tensor<float, 3> x{xs[0], xs[1], xs[2]};
    for (const auto& pq : {std::pair{0.25, 2.0}, std::pair{0.75, -1.0}}) {
        const auto m = set<Arithmetic>(pq.first, pq.second);
        const Tensor<float, 13, 3> y = ashlar::call(m, x);
        agrees(y, [p = pq.first, q = pq.second](double v, double a) {
            return std::vector<double>{v * (1 - p),
                                       (p + 1) * v,
                                       2 / q - v,
                                       v / (q * p),
                                       v + (q - p),
                                       -p * v,
                                       2 * p + v,
                                       (3 * p - q / 4) * v,
                                       a * p + v,
                                       a * (1 - p) - v,
                                       v + 1.5 * (1 - p),
                                       v - 0.5 * q * p * p,
                                       (1 - p) * (1 - q) * v};
        });
    }
}

TEST_CASE("functions and comparisons of options in a body", "[nn]") {
    const Tensor<float, 3> x{xs[0], xs[1], xs[2]};
    for (const auto& pq : {std::pair{0.25, 2.0}, std::pair{0.75, 1.0}}) {
        const auto m = set<Functions>(pq.first, pq.second);
        const Tensor<float, 20, 3> y = ashlar::call(m, x);
        agrees(y, [p = pq.first, q = pq.second](double v, double) {
            const auto sigmoid = [](double z) { return 1 / (1 + std::exp(-z)); };
            return std::vector<double>{v * std::sqrt(p),         v + std::exp(-q),
                                       std::pow(v * v, q - 1),   v + p * p,
                                       v + std::pow(2, p),       v + p * p * p,
                                       std::min(v, 1 - p),       v + std::max(p, q),
                                       std::clamp(v, -p, p),     p < 0.5 ? v : 0,
                                       v > p * q ? q : 1 - p,    v + (q <= 1 ? p : 1),
                                       v > 0 ? v : v * (1 - p),  std::log1p(std::exp(v / q)) * q,
                                       v + q * sigmoid(q),       v + std::abs(p - q),
                                       v * (p * 4 == 1 ? 1 : 0), p >= v ? 1.0 : 0,
                                       v + (p - 1) * (p - 1),    v + sigmoid(p) * std::tanh(q)};
        });
    }
}

TEST_CASE("a derivative inside a body", "[nn]") {
    const Tensor<float, 3> x{xs[0], xs[1], xs[2]};
    const auto m = set<Inner>(0.25, 2);
    const Tensor<float, 3> y = ashlar::call(m, x);
    for (std::size_t i = 0; i < 3; ++i)
        CHECK(support::close(static_cast<double>(y(i)), static_cast<double>(xs[i]) + 0.5 * static_cast<double>(as[i]),
                             1e-6));
    // And through it: d/da of sum(2 a p) is 2 p.
    const auto gradients = ashlar::value_and_grad(sum(ashlar::call(m, x)), m).gradients;
    CHECK(gradients.a == Tensor<float, 3>::full(0.5f));
}

TEST_CASE("options outside of a body are numbers", "[nn]") {
    nn::LeakyReLU layer{0.25};
    const double rest = 1 - layer.negative_slope, same = layer.negative_slope;
    CHECK(rest == 0.75);
    CHECK(same == 0.25);
    layer.negative_slope += 0.25;
    layer.negative_slope = layer.negative_slope * 3;
    CHECK(layer.negative_slope == 1.5);
    CHECK((layer.negative_slope > 1 && 2 * layer.negative_slope >= 3));
    const Tensor<float, 3> x{xs[0], xs[1], xs[2]};
    const Tensor<float, 3> y = x * layer.negative_slope, z = leaky_relu(x, layer.negative_slope - 1);
    CHECK(y(2) == 3);
    CHECK(z(0) == -0.75f);
    const auto later = x * (1 - layer.negative_slope);  // by value, as every number in an expression
    layer.negative_slope = 0;
    CHECK(ashlar::eval(later)(2) == -1);
    const Tensor<double, 3> d{1, 2, 3};
    const auto m = set<InDouble>(0.25, 2);
    CHECK(ashlar::eval(ashlar::call(m, d)) == Tensor<double, 3>{0.75, 1.5, 2.25});
    constexpr ashlar::option third = 0.25;
    static_assert(1 - third == 0.75 && third < 1);
    static_assert(ashlar::eval(Tensor<float, 1>(2.0f) * (1 - third))(0) == 1.5f);
}
