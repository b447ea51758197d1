// SPDX-License-Identifier: BSL-1.0
// Positions as sines, added or turned by, beside the formulas of the papers in double.
#include "support/catch.hpp"

#include <ashlar/ashlar.hpp>

#include <cmath>

namespace nn = ashlar::nn;
using ashlar::Tensor;

namespace {

template <class T> T filled(double step) {
    T t;
    for (std::size_t i = 0; i < t.size(); ++i)
        t.data()[i] = static_cast<typename T::value_type>(std::sin(static_cast<double>(i) * step));
    return t;
}

double angle(std::size_t position, std::size_t pair, double width) {
    return static_cast<double>(position) * std::pow(10000.0, -2 * static_cast<double>(pair) / width);
}

}  // namespace

TEST_CASE("sines of positions are added", "[nn]") {
    const nn::SinusoidalEncoding<50, 7> layer;
    const auto x = filled<Tensor<float, 2, 50, 7>>(0.31);
    const Tensor<float, 2, 50, 7> y = layer(x);
    double worst = 0;
    for (std::size_t n = 0; n < 2; ++n)
        for (std::size_t t = 0; t < 50; ++t)
            for (std::size_t i = 0; i < 7; ++i) {
                const double a = angle(t, i / 2, 7), pe = i % 2 == 0 ? std::sin(a) : std::cos(a);
                const double added = static_cast<double>(y(n, t, i)) - static_cast<double>(x(n, t, i));
                worst = std::max(worst, std::abs(added - pe));
            }
    CHECK(worst < 3e-7);
    // It is saved, and not trained.
    using Model = nn::Sequential<nn::SinusoidalEncoding<3, 4>, nn::Linear<4, 2>>;
    static_assert(ashlar::parameter_count<Model> == 10);
    Model model{ashlar::seed(1)};
    ashlar::optim::SGD sgd{model, {.lr = 0.1}};
    const auto before = model.get<0>().pe;
    sgd.step(mean(model(filled<Tensor<float, 3, 4>>(0.2))));
    CHECK(model.get<0>().pe == before);
    constexpr nn::SinusoidalEncoding<2, 2> small;
    static_assert(small.pe(0, 0) == 0 && small.pe(0, 1) == 1 && small.pe(1, 0) > 0.84F && small.pe(1, 0) < 0.85F);
}

TEST_CASE("pairs are turned by their positions", "[nn]") {
    const auto x = filled<Tensor<double, 3, 11, 6>>(0.31);
    const Tensor<double, 3, 11, 6> y = ashlar::rotary_embedding(x);
    double worst = 0;
    for (std::size_t n = 0; n < 3; ++n)
        for (std::size_t t = 0; t < 11; ++t)
            for (std::size_t i = 0; i < 3; ++i) {
                const double a = angle(t, i, 6), c = std::cos(a), s = std::sin(a);
                const double u = x(n, t, 2 * i), v = x(n, t, 2 * i + 1);
                worst = std::max(worst, std::abs(y(n, t, 2 * i) - (u * c - v * s)));
                worst = std::max(worst, std::abs(y(n, t, 2 * i + 1) - (u * s + v * c)));
            }
    CHECK(worst < 1e-14);
    // The product of a query and a key depends on how far they are from each other only.
    const auto q = filled<Tensor<double, 1, 6>>(0.5);
    const Tensor<double, 9, 6> turned = ashlar::rotary_embedding(ashlar::expand<9, 6>(q));
    const Tensor<double, 9, 9> scores = matmul(turned, transpose(turned));
    CHECK(std::abs(scores(2, 5) - scores(4, 7)) < 1e-13);
    CHECK(std::abs(scores(2, 5) - scores(2, 6)) > 1e-3);
    const auto f = [](const auto& at) { return sum(ashlar::rotary_embedding(at) * ashlar::rotary_embedding(at * at)); };
    const auto point = filled<Tensor<double, 2, 4>>(0.7);
    const auto v = ashlar::variable<"v">(point);
    const Tensor<double, 2, 4> gradient = grad(f(v), v);
    for (std::size_t i = 0; i < point.size(); ++i) {
        auto above = point, below = point;
        above.data()[i] += 1e-5, below.data()[i] -= 1e-5;
        const double slope = (static_cast<double>(f(above)) - static_cast<double>(f(below))) / 2e-5;
        CHECK(std::abs(gradient.data()[i] - slope) < 1e-8);
    }
}
