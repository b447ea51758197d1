// SPDX-License-Identifier: BSL-1.0
// labels: slow
// GaussNewton and LevenbergMarquardt beside numpy.linalg.lstsq and the same rules in NumPy.
#include "support/catch.hpp"

#include "fixtures/second_order.hpp"
#include "support/fixture.hpp"

#include <ashlar/optim/gauss_newton.hpp>
#include <ashlar/optim/levenberg_marquardt.hpp>

#include <cmath>

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
                      "LevenbergMarquardt: damping and down are above 0, up is above 1");
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
