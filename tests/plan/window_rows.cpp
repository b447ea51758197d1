// SPDX-License-Identifier: BSL-1.0
// labels: widths
// Convolutions of one form in one program, on rows that vectors are cut from in different ways: 20, 16, 13 and 8
// windows a row. Values and gradients against plain loops in double.
#include "support/catch.hpp"

#include <ashlar/ashlar.hpp>

#include <cmath>
#include <vector>

namespace nn = ashlar::nn;
using ashlar::Tensor;

namespace {

template <std::size_t Taps> using Conv = nn::Conv2d<1, 1, Taps>;

struct plane {
    std::size_t n;
    std::vector<double> at;

    explicit plane(std::size_t size) : n{size}, at(size * size) {}
    template <class T> plane(std::size_t size, const T& t) : n{size} {
        for (float v : t) at.push_back(static_cast<double>(v));
    }
    double& operator()(std::size_t i, std::size_t j) { return at[i * n + j]; }
};

// visit(y, x, w) for every product y += x * w.
template <class Visit> void each_product(plane& x, plane& w, plane& y, Visit visit) {
    for (std::size_t i = 0; i < y.n; ++i)
        for (std::size_t j = 0; j < y.n; ++j)
            for (std::size_t p = 0; p < w.n; ++p)
                for (std::size_t q = 0; q < w.n; ++q) visit(y(i, j), x(i + p, j + q), w(p, q));
}
plane convolved(plane& x, plane& w) {
    plane y{x.n - w.n + 1};
    each_product(x, w, y, [](double& to, double from, double by) { to += from * by; });
    return y;
}

template <std::size_t... N> Tensor<float, N...> waves(double start) {
    Tensor<float, N...> t;
    for (std::size_t i = 0; i < t.size(); ++i)
        t.data()[i] = static_cast<float>(std::sin(start + 1.7 * static_cast<double>(i)));
    return t;
}

// The largest, as a part of the largest number.
double difference(const plane& a, const auto& b) {
    double most = 0, largest = 0;
    for (std::size_t i = 0; i < a.at.size(); ++i) {
        largest = std::fmax(largest, std::abs(a.at[i]));
        most = std::fmax(most, std::abs(a.at[i] - static_cast<double>(b.data()[i])));
    }
    return most / largest;
}

}  // namespace

TEST_CASE("convolutions of one form on rows of any length", "[plan]") {
    const auto x0 = waves<1, 1, 22, 22>(0.3);
    const auto w1 = waves<1, 1, 3, 3>(0.1);
    const auto w2 = waves<1, 1, 5, 5>(0.2);
    const auto w3 = waves<1, 1, 4, 4>(0.3);
    const auto w4 = waves<1, 1, 6, 6>(0.4);
    const auto conv = [](const auto& x, const auto& w) {
        constexpr std::size_t taps = static_cast<std::size_t>(std::remove_cvref_t<decltype(w)>::extent[3]);
        return nn::detail::convolve<Conv<taps>::stated>(x, w);
    };
    const auto x = ashlar::variable<"x">(x0);
    const auto first = ashlar::variable<"w1">(w1);
    const auto last = ashlar::variable<"w4">(w4);
    const auto y = conv(conv(conv(conv(x, first), w2), w3), last);

    plane image{22, x0}, k1{3, w1}, k2{5, w2}, k3{4, w3}, k4{6, w4};
    plane y1 = convolved(image, k1), y2 = convolved(y1, k2), y3 = convolved(y2, k3), y4 = convolved(y3, k4);
    CHECK(difference(y4, ashlar::eval(y)) < 1e-5);

    // The loss is the sum of squares; gradients go back through all four.
    plane g4{y4.n}, g3{y3.n}, g2{y2.n}, g1{y1.n}, g0{image.n}, of_last{6}, of_first{3};
    for (std::size_t i = 0; i < g4.at.size(); ++i) g4.at[i] = 2 * y4.at[i];
    const auto to_image = [](double g, double& to, double w) { to += g * w; };
    const auto to_weight = [](double g, double from, double& w) { w += g * from; };
    each_product(y3, of_last, g4, to_weight);
    each_product(g3, k4, g4, to_image), each_product(g2, k3, g3, to_image), each_product(g1, k2, g2, to_image);
    each_product(g0, k1, g1, to_image), each_product(image, of_first, g1, to_weight);
    const auto loss = sum(y * y);
    CHECK(difference(g0, ashlar::eval(grad(loss, x))) < 1e-5);
    CHECK(difference(of_first, ashlar::eval(grad(loss, first))) < 1e-5);
    CHECK(difference(of_last, ashlar::eval(grad(loss, last))) < 1e-5);
}
