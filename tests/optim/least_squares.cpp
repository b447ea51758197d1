// SPDX-License-Identifier: BSL-1.0
// labels: slow
// GaussNewton and LevenbergMarquardt beside numpy.linalg.lstsq and the same rules in NumPy.
#include "support/catch.hpp"

#include "fixtures/second_order.hpp"
#include "support/fixture.hpp"

#include <ashlar/optim/gauss_newton.hpp>
#include <ashlar/optim/levenberg_marquardt.hpp>

#include <cmath>
#include <limits>

namespace f = fixtures::second_order;
namespace optim = ashlar::optim;
using ashlar::Tensor;

namespace {

template <class T> struct Curve {
    Tensor<T> a, b, c;
    using members = ashlar::members<&Curve::a, &Curve::b, &Curve::c>;
    constexpr auto operator()(ashlar::expression auto x) const { return a * exp(-b * x) + c; }
};
Curve<double> curve_at(const double (&p)[3]) { return {p[0], p[1], p[2]}; }

struct Plane {
    Tensor<double, 3, 2> x;
    using members = ashlar::members<&Plane::x>;
    constexpr auto operator()(ashlar::expression auto a) const { return matmul(a, x); }
};

struct Product {  // of one number only
    Tensor<float> a, b;
    using members = ashlar::members<&Product::a, &Product::b>;
    constexpr auto operator()(ashlar::expression auto x) const { return (a * b) * x; }
};
template <class T> struct Slope {
    Tensor<T> a;
    using members = ashlar::members<&Slope::a>;
    constexpr auto operator()(ashlar::expression auto x) const { return a * x; }
};
template <class T> struct Arc {
    Tensor<T> a;
    using members = ashlar::members<&Arc::a>;
    constexpr auto operator()(ashlar::expression auto x) const { return atan(a * x); }
};
struct Line {
    Tensor<double> a, b;
    using members = ashlar::members<&Line::a, &Line::b>;
    constexpr auto operator()(ashlar::expression auto x) const { return a * x + b; }
};
template <std::size_t N> struct Weights {
    Tensor<double, N> p;
    using members = ashlar::members<&Weights::p>;
    constexpr auto operator()(ashlar::expression auto x) const { return matmul(x, p); }
};

const auto x = support::tensor_of<f::curve::x_shape>(f::curve::x);
const auto y = support::tensor_of<f::curve::y_shape>(f::curve::y);
const auto a = support::tensor_of<f::linear::a_shape>(f::linear::a);
const auto b = support::tensor_of<f::linear::b_shape>(f::linear::b);

template <class T> bool is_at(const Curve<T>& m, const double (&p)[3], double tolerance) {
    INFO(m.a << " " << m.b << " " << m.c << ", expected " << p[0] << " " << p[1] << " " << p[2]);
    const bool agrees = support::close(static_cast<double>(m.a.data()[0]), p[0], tolerance) &&
                        support::close(static_cast<double>(m.b.data()[0]), p[1], tolerance) &&
                        support::close(static_cast<double>(m.c.data()[0]), p[2], tolerance);
    CHECK(agrees);
    return agrees;
}
double cost_of(const auto& residual) {
    double sum = 0;
    const auto values = ashlar::eval(residual);
    for (const auto r : values) sum += static_cast<double>(r) * static_cast<double>(r);
    return sum / 2;
}

}  // namespace

TEST_CASE("GaussNewton: one step solves a linear model as lstsq", "[optim]") {
    Plane m{};
    optim::GaussNewton fit{m};
    CHECK(fit.step(ashlar::call(m, a) - b) == Approx(f::linear::cost_of_the_start));
    CHECK(support::first_difference(m.x, f::linear::x, 1e-12) == -1);
    CHECK(fit.step(ashlar::call(m, a) - b) == Approx(f::linear::cost).epsilon(1e-12));
    CHECK(support::first_difference(m.x, f::linear::x, 1e-12) == -1);
}

TEST_CASE("GaussNewton: parameters that cannot be told apart, and more of them than residuals", "[optim]") {
    auto dependent = a;
    for (std::size_t i = 0; i < 8; ++i) dependent(i, 2) = dependent(i, 0) + dependent(i, 1);
    Plane m{};
    optim::GaussNewton fit{m};
    fit.step(ashlar::call(m, dependent) - b);
    CHECK(cost_of(ashlar::call(m, dependent) - b) == Approx(f::linear::cost_of_two).epsilon(1e-12));

    const Tensor<double, 2, 3> two{{a(0, 0), a(0, 1), a(0, 2)}, {a(1, 0), a(1, 1), a(1, 2)}};
    const Tensor<double, 2, 2> wanted{{1, 2}, {3, 4}};
    fit.step(ashlar::call(m, two) - wanted);
    CHECK(cost_of(ashlar::call(m, two) - wanted) < 1e-25);
}

TEST_CASE("GaussNewton: a curve, in whole and half steps", "[optim]") {
    auto m = curve_at(f::curve::near);
    optim::GaussNewton fit{m};
    for (const double cost : f::curve::gauss_newton)
        CHECK(fit.step(ashlar::call(m, x) - y) == Approx(cost).epsilon(1e-10));
    is_at(m, f::curve::gauss_newton_at, 1e-10);

    auto slow = curve_at(f::curve::near);
    optim::GaussNewton half{slow, {.lr = 0.5}};
    for (const double cost : f::curve::half_steps)
        CHECK(half.step(ashlar::call(slow, x) - y) == Approx(cost).epsilon(1e-10));
    is_at(slow, f::curve::half_steps_at, 1e-10);
}

TEST_CASE("LevenbergMarquardt: as the same rule in NumPy, from where Gauss and Newton lead away", "[optim]") {
    auto m = curve_at(f::curve::far);
    optim::LevenbergMarquardt fit{m};
    for (int i = 0; const double cost : f::curve::marquardt) {
        CHECK(fit.step(ashlar::call(m, x) - y) == Approx(cost).epsilon(1e-9));
        CHECK(fit.damping() == Approx(f::curve::marquardt_damping[i++]));
        CHECK(fit.accepted());
    }
    is_at(m, f::curve::marquardt_at, 1e-8);
}

TEST_CASE("LevenbergMarquardt: never upwards, to the least, and there it stays", "[optim]") {
    auto m = curve_at(f::curve::near);
    optim::LevenbergMarquardt fit{m, {.damping = 10, .up = 4, .down = 0.5}};
    double last = 1e300;
    int steps = 0;
    do {
        const double cost = fit.step(ashlar::call(m, x) - y);
        CHECK(cost <= last);
        last = cost;
    } while (fit.accepted() && ++steps < 200);
    CHECK(steps < 200);
    CHECK(last == Approx(f::curve::cost).epsilon(1e-12));
    is_at(m, f::curve::least, 1e-7);
    const auto there = m;
    const double damping = fit.damping();
    fit.step(ashlar::call(m, x) - y);
    if (!fit.accepted()) {
        CHECK(m.a == there.a);
        CHECK(fit.damping() == damping);
    }
}

TEST_CASE("LevenbergMarquardt: in float, of a model of layers, and of two calls", "[optim]") {
    const Tensor<float, 12> xf = ashlar::to<float>(x), yf = ashlar::to<float>(y);
    Curve<float> m{2, 1, 0};
    optim::LevenbergMarquardt fit{m};
    for (int i = 0; i < 10; ++i) fit.step(ashlar::call(m, xf) - yf);
    is_at(m, f::curve::least, 1e-4);

    const Tensor<float, 8, 3> in = ashlar::to<float>(a);
    const Tensor<float, 8, 2> out = ashlar::to<float>(b);
    ashlar::nn::Linear<3, 2, ashlar::nn::no_bias> layer{ashlar::seed(0)};
    optim::GaussNewton once{layer};
    once.step(layer(in) - out);
    for (std::size_t i = 0; i < 3; ++i)
        for (std::size_t k = 0; k < 2; ++k)
            CHECK(static_cast<double>(layer.weight(k, i)) == Approx(f::linear::x[2 * i + k]).margin(1e-6));

    ashlar::nn::Linear<3, 2, ashlar::nn::no_bias> twice{ashlar::seed(0)};
    optim::GaussNewton both{twice};
    const Tensor<float, 4, 3> upper = ashlar::slice<0, 0, 4>(in), lower = ashlar::slice<0, 4, 8>(in);
    both.step(ashlar::concat<0>(twice(upper), twice(lower)) - out);
    CHECK(support::first_difference(twice.weight, layer.weight, 1e-6) == -1);
}

TEST_CASE("least squares: what is not finite moves nothing, and options are checked", "[optim]") {
    auto m = curve_at(f::curve::near);
    const auto before = m;
    auto broken = y;
    broken(3) = std::nan("");
    optim::GaussNewton gauss{m};
    optim::LevenbergMarquardt marquardt{m};
    CHECK(std::isnan(gauss.step(ashlar::call(m, x) - broken)));
    CHECK(std::isnan(marquardt.step(ashlar::call(m, x) - broken)));
    CHECK(!marquardt.accepted());
    CHECK((m.a == before.a && m.b == before.b && m.c == before.c));
    CHECK_THROWS_WITH((optim::LevenbergMarquardt{m, {.up = 0.5}}),
                      "LevenbergMarquardt: up is 0.5, expected above 1");
    CHECK_THROWS_WITH((optim::LevenbergMarquardt{m, {.down = 2}}),
                      "LevenbergMarquardt: down is 2, expected above 0 and at most 1");
    CHECK_THROWS_WITH((optim::LevenbergMarquardt{m, {.damping = -1e-3}}),
                      "LevenbergMarquardt: damping is -0.001, expected above 0");
    CHECK_THROWS_WITH((optim::LevenbergMarquardt{m, {.damping = std::nan("")}}),
                      "LevenbergMarquardt: damping is nan, expected above 0");
    CHECK_THROWS_WITH((optim::LevenbergMarquardt{m, {.up = -1.5e20}}),
                      "LevenbergMarquardt: up is -1.5e+20, expected above 1");
    CHECK_THROWS_WITH((optim::LevenbergMarquardt{m, {.down = 123.25}}),
                      "LevenbergMarquardt: down is 123.25, expected above 0 and at most 1");
    CHECK_THROWS_WITH((optim::LevenbergMarquardt{m, {.down = -1e-9}}),
                      "LevenbergMarquardt: down is -1e-09, expected above 0 and at most 1");
    CHECK_THROWS_WITH((optim::LevenbergMarquardt{m, {.max_trials = 0}}),
                      "LevenbergMarquardt: max_trials is 0, expected at least 1");
}

TEST_CASE("GaussNewton: in float, parameters that cannot be told apart", "[optim]") {
    const Tensor<float, 4> at{0.1f, 0.37f, 0.9f, 1.7f}, value{0.31f, 1.09f, 2.72f, 5.08f};
    double products = 0, squares = 0;  // the least squares of value = ab at
    for (std::size_t i = 0; i < 4; ++i) {
        const double u = static_cast<double>(at(i)), v = static_cast<double>(value(i));
        products += u * v, squares += u * u;
    }
    Product m{0.7f, 1.3f};
    optim::GaussNewton fit{m};
    for (int i = 0; i < 6; ++i) fit.step(ashlar::call(m, at) - value);
    const double found = static_cast<double>(m.a.data()[0]) * static_cast<double>(m.b.data()[0]);
    CHECK(found == Approx(products / squares).epsilon(1e-5));
}

TEST_CASE("least squares: no step to where a parameter's own type is not finite", "[optim]") {
    const Tensor<float, 2> tiny{1e-30f, 1e-30f}, large{1e20f, 1e20f};
    Slope<float> m{1};
    optim::GaussNewton fit{m};
    fit.step(ashlar::call(m, tiny) - large);
    CHECK(m.a.data()[0] == 1.0f);
    fit.options.lr = 1e-20;  // to where it is
    fit.step(ashlar::call(m, tiny) - large);
    CHECK(m.a.data()[0] == Approx(1e30f));

    Arc<float> arc{3e38f};  // its cost is finite at infinity, too
    optim::LevenbergMarquardt bounded{arc};
    const Tensor<float, 1> one{1e-38f}, beyond{1.5f};
    for (int i = 0; i < 4; ++i) {
        bounded.step(ashlar::call(arc, one) - beyond);
        CHECK(std::isfinite(arc.a.data()[0]));
    }
}

TEST_CASE("LevenbergMarquardt: trials go on where the last step has ended", "[optim]") {
    const Tensor<double, 3> at{1, -1, 0.5}, value{0.1, -0.1, 0.05};
    const auto cost_after = [&](double start, const optim::LevenbergMarquardtOptions& options) {
        Arc<double> m{start};
        optim::LevenbergMarquardt fit{m, options};
        for (int i = 0; i < 100; ++i) fit.step(ashlar::call(m, at) - value);
        CHECK(fit.damping() < 1e3);  // not as high as it goes, where there is nothing to gain
        return cost_of(ashlar::call(m, at) - value);
    };
    const double least = cost_after(1, {});
    CHECK(least < 1e-5);
    CHECK(cost_after(40, {}) == Approx(least).epsilon(1e-9));
    CHECK(cost_after(40, {.max_trials = 1}) == Approx(least).epsilon(1e-9));
    CHECK(cost_after(40, {.up = 1.5}) == Approx(least).epsilon(1e-9));
    CHECK(cost_after(1e4, {.up = 2}) == Approx(least).epsilon(1e-9));
}

TEST_CASE("LevenbergMarquardt: columns that are nearly dependent", "[optim]") {
    Tensor<double, 14, 9> hilbert;
    Tensor<double, 14> value;
    for (std::size_t i = 0; i < 14; ++i) {
        double sum = 0;
        for (std::size_t j = 0; j < 9; ++j) sum += hilbert(i, j) = 1 / static_cast<double>(i + j + 1);
        value(i) = sum + 1e-3 * std::cos(static_cast<double>(i));
    }
    Weights<9> m{};  // numpy.linalg.lstsq finds the cost below
    optim::LevenbergMarquardt fit{m};
    for (int i = 0; i < 200 && (i == 0 || fit.accepted()); ++i) fit.step(ashlar::call(m, hilbert) - value);
    CHECK(cost_of(ashlar::call(m, hilbert) - value) == Approx(2.481753397e-07).epsilon(1e-4));
}

TEST_CASE("LevenbergMarquardt: an infinite column is forgotten, and the gain where nothing is tried", "[optim]") {
    Line m{0, 0};
    optim::LevenbergMarquardt fit{m};
    const Tensor<double, 3> broken{1, 2, 1e200}, at{1, 2, 3}, value{5, 8, 11};
    fit.step(ashlar::call(m, broken) - value);
    CHECK(!fit.accepted());
    CHECK(fit.damping() == 1e-3);
    for (int i = 0; i < 12; ++i) fit.step(ashlar::call(m, at) - value);
    CHECK(static_cast<double>(m.a) == Approx(3).epsilon(1e-9));
    CHECK(static_cast<double>(m.b) == Approx(2).epsilon(1e-9));

    Slope<double> alone{0};
    optim::LevenbergMarquardt of_one{alone};
    Tensor<double, 1> slope{std::numeric_limits<double>::infinity()};
    of_one.step(ashlar::call(alone, slope) - Tensor<double, 1>{3});
    slope(0) = 2;
    for (int i = 0; i < 10; ++i) of_one.step(ashlar::call(alone, slope) - Tensor<double, 1>{3});
    CHECK(static_cast<double>(alone.a) == Approx(1.5).epsilon(1e-9));

    Line other{0, 0};
    optim::LevenbergMarquardt once{other};
    once.step(ashlar::call(other, at) - value);
    CHECK(once.gain() == Approx(1).margin(0.01));
    once.step(ashlar::call(other, broken) - value);
    CHECK(!once.accepted());
    CHECK(once.gain() == 0);
}

TEST_CASE("least squares: many residuals, beyond the stack's memory", "[optim]") {
    Tensor<double, 400> t{}, noisy{};
    for (std::size_t i = 0; i < 400; ++i) t(i) = static_cast<double>(i) / 100, noisy(i) = 2 * std::exp(-t(i)) + 1;
    Curve<double> m{1, 2, 0};
    optim::LevenbergMarquardt fit{m};
    for (int i = 0; i < 12; ++i) fit.step(ashlar::call(m, t) - noisy);
    is_at(m, {2, 1, 1}, 1e-9);
}

TEST_CASE("least squares: while compiling", "[optim]") {
    constexpr Curve<double> found = [] {
        constexpr Tensor<double, 4> at{0, 1, 2, 3};
        constexpr Tensor<double, 4> value{3, 2, 1.5, 1.25};  // 2 exp(-ln 2 x) + 1
        Curve<double> m{1, 1, 0};
        optim::LevenbergMarquardt fit{m};
        for (int i = 0; i < 8; ++i) fit.step(ashlar::call(m, at) - value);
        return m;
    }();
    STATIC_REQUIRE((found.a.data()[0] > 1.999999 && found.a.data()[0] < 2.000001));
}
