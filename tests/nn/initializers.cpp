// SPDX-License-Identifier: BSL-1.0
// The functions of torch.nn.init: bounds and deviations beside PyTorch's, what is orthogonal, the identities.
#include "support/catch.hpp"

#include "fixtures/initializers.hpp"
#include "support/fixture.hpp"

#include <algorithm>
#include <cmath>

namespace init = ashlar::nn::init;
namespace f = fixtures::initializers;
using ashlar::Tensor;
using init::nonlinearity;

static bool near(double got, double expected, double tolerance) { return support::close(got, expected, tolerance); }

struct moments {
    double mean = 0, deviation = 0, least = 1e9, most = -1e9;
};
template <class T> static moments moments_of(const T& t) {
    moments m;
    const double n = static_cast<double>(t.size());
    for (const auto e : t) {
        const double x = static_cast<double>(e);
        m.mean += x / n, m.least = std::min(m.least, x), m.most = std::max(m.most, x);
    }
    for (const auto e : t) m.deviation += std::pow(static_cast<double>(e) - m.mean, 2) / n;
    m.deviation = std::sqrt(m.deviation);
    return m;
}

// Of a sample, within five deviations of what is estimated.
template <class T> static moments expect(const T& t, double mean, double deviation) {
    const moments m = moments_of(t);
    const double root = std::sqrt(static_cast<double>(t.size()));
    CHECK(std::abs(m.mean - mean) < 5 * deviation / root);
    CHECK(std::abs(m.deviation / deviation - 1) < 5 / root);
    return m;
}

TEST_CASE("gains", "[init]") {
    CHECK(near(init::calculate_gain(nonlinearity::linear), f::gain_linear, 1e-15));
    CHECK(near(init::calculate_gain(nonlinearity::sigmoid), f::gain_sigmoid, 1e-15));
    CHECK(near(init::calculate_gain(nonlinearity::tanh), f::gain_tanh, 1e-15));
    CHECK(near(init::calculate_gain(nonlinearity::relu), f::gain_relu, 1e-15));
    CHECK(near(init::calculate_gain(nonlinearity::leaky_relu), f::gain_leaky_relu, 1e-15));
    CHECK(near(init::calculate_gain(nonlinearity::leaky_relu, 0.5), f::gain_leaky, 1e-15));
    CHECK(near(init::calculate_gain(nonlinearity::selu), f::gain_selu, 1e-15));
}

TEST_CASE("constants", "[init]") {
    Tensor<float, 2, 3> t;
    init::constant(t, 1.5f);
    CHECK(t == t.full(1.5f));
    init::zeros(t);
    CHECK(t == t.zeros());
    init::ones(t);
    CHECK(t == t.ones());
}

TEST_CASE("uniform, normal and truncated numbers", "[init]") {
    ashlar::generator random{ashlar::seed(1)};
    static Tensor<double, 100, 200> t;
    init::uniform(t, random);
    moments m = expect(t, 0.5, 1 / std::sqrt(12));
    CHECK((m.least >= 0 && m.most < 1));
    init::uniform(t, random, -3, 1);
    m = expect(t, -1, 4 / std::sqrt(12));
    CHECK((m.least >= -3 && m.most < 1));
    init::normal(t, random, 2, 0.5);
    expect(t, 2, 0.5);
    init::trunc_normal(t, random, 0.5, 1.5, -1, 1.25);
    m = expect(t, f::truncated_mean, f::truncated_deviation);
    CHECK((m.least >= -1 && m.most <= 1.25));
    CHECK((m.least < -0.99 && m.most > 1.24));
}

TEST_CASE("Xavier's and Kaiming's weights", "[init]") {
    ashlar::generator random{ashlar::seed(2)};
    // (6, 4, 3, 3) many times over would have other fans: the same weight is drawn again instead.
    Tensor<float, 6, 4, 3, 3> w;
    static Tensor<float, 100, w.size()> all;
    const auto sample = [&](auto fill) -> const auto& {
        for (std::size_t i = 0; i < 100; ++i) {
            fill();
            std::copy(w.begin(), w.end(), all.begin() + i * w.size());
        }
        return all;
    };
    const auto bounded = [](const moments& m, double deviation) {
        return m.most <= deviation * std::sqrt(3.0) * (1 + 1e-7) && m.most > deviation * std::sqrt(3.0) * 0.99;
    };
    CHECK(bounded(expect(sample([&] { init::xavier_uniform(w, random, 2); }), 0, f::xavier), f::xavier));
    expect(sample([&] { init::xavier_normal(w, random, 2); }), 0, f::xavier);
    CHECK(bounded(expect(sample([&] { init::kaiming_uniform(w, random, {.a = 0.5}); }), 0, f::kaiming_in),
                  f::kaiming_in));
    const init::kaiming to_relu{.mode = init::fan::out, .after = nonlinearity::relu};
    expect(sample([&] { init::kaiming_normal(w, random, to_relu); }), 0, f::kaiming_out);
}

// The shorter side's vectors have length 2 and are at right angles.
template <std::size_t Rows, std::size_t... Columns> static void is_orthogonal() {
    ashlar::generator random{ashlar::seed(3)};
    Tensor<float, Rows, Columns...> t;
    init::orthogonal(t, random, 2);
    constexpr std::size_t columns = (Columns * ...);
    double worst = 0;
    for (std::size_t a = 0; a < std::min(Rows, columns); ++a)
        for (std::size_t b = 0; b <= a; ++b) {
            double dot = 0;
            for (std::size_t i = 0; i < std::max(Rows, columns); ++i) {
                const auto at = [&](std::size_t v) {
                    return static_cast<double>(Rows <= columns ? t.data()[v * columns + i] : t.data()[i * columns + v]);
                };
                dot += at(a) * at(b);
            }
            worst = std::max(worst, std::abs(dot - (a == b ? 4 : 0)));
        }
    CHECK(worst < 1e-5);
}

TEST_CASE("orthogonal weights", "[init]") {
    is_orthogonal<5, 5>();
    is_orthogonal<3, 4, 2>();
    is_orthogonal<40, 30>();
}

TEST_CASE("identities", "[init]") {
    Tensor<float, 2, 3> matrix;
    init::eye(matrix);
    CHECK(support::first_difference(matrix, f::eye, 0) == -1);
    Tensor<float, 6, 2, 3, 4> images;
    init::dirac(images, 2);
    CHECK(support::first_difference(images, f::dirac, 0) == -1);
    Tensor<float, 2, 3, 3> signals;
    init::dirac(signals);
    CHECK(support::first_difference(signals, f::dirac_signals, 0) == -1);
}

template <class T> static constexpr T drawn() {
    T t;
    ashlar::generator random{ashlar::seed(7)};
    init::kaiming_normal(t, random);
    return t;
}
TEST_CASE("initializers in constant expressions", "[init]") {
    static constexpr auto constant = drawn<Tensor<float, 3, 4>>();
    CHECK(constant == drawn<Tensor<float, 3, 4>>());
}
