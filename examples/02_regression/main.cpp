// SPDX-License-Identifier: BSL-1.0
#include <ashlar/ashlar.hpp>

#include <cmath>
#include <iostream>

#if __has_include(<gnuplot-iostream.h>)
    #include <gnuplot-iostream.h>
#endif

namespace nn = ashlar::nn;
namespace optim = ashlar::optim;
using ashlar::Tensor;

constexpr int samples = 256, curve_points = 241;
constexpr float noise = 0.2f;  // standard deviation

float truth(float x) { return std::sin(2 * x) + 0.3f * x; }

using Column = Tensor<float, samples, 1>;
using Curve = Tensor<float, curve_points, 1>;
void draw(const Column& x, const Column& y, const Curve& at, const Curve& fit);

int main() {
    // 256 points between -3 and 3; the noise is a sum of three uniform numbers, close to a normal distribution.
    ashlar::generator random{ashlar::seed(1)};
    const auto x = Column::generate([&](auto, auto) { return random.uniform(3.0f); });
    const auto y = Column::generate([&](auto i, auto) {
        return truth(x(i, 0)) + noise * (random.uniform(1.0f) + random.uniform(1.0f) + random.uniform(1.0f));
    });

    nn::Sequential<nn::Linear<1, 64>, nn::Tanh, nn::Linear<64, 64>, nn::Tanh, nn::Linear<64, 1>> model{ashlar::seed(0)};
    nn::MSELoss criterion;
    optim::Adam adam{model, {.lr = 3e-3f}};

    constexpr int epochs = 1500;
    for (int epoch = 0; epoch <= epochs; ++epoch) {
        adam.options.lr = 3e-3 * (1 - epoch / (epochs + 1.0));  // falls to zero, so that the curve comes to rest
        const float loss = adam.step(criterion(model(x), y));
        if (epoch % 250 == 0) std::cout << "epoch " << epoch << "  mean squared error " << loss << '\n';
    }

    const auto at = Curve::generate([](auto i, auto) { return -3 + 6 * static_cast<float>(i) / (curve_points - 1); });
    const auto wanted = Curve::generate([&](auto i, auto) { return truth(at(i, 0)); });
    const Curve fit = model(at);
    const float distance = sqrt(mean((fit - wanted) * (fit - wanted)));
    draw(x, y, at, fit);
    std::cout << "the noise has a variance of " << noise * noise << '\n'
              << "distance to the function without noise (root mean square): " << distance << '\n';
    return distance < 0.1f ? 0 : 1;
}

void draw([[maybe_unused]] const Column& x, [[maybe_unused]] const Column& y, [[maybe_unused]] const Curve& at,
          [[maybe_unused]] const Curve& fit) {
#if __has_include(<gnuplot-iostream.h>)
    Gnuplot plot;
    plot << "set terminal svg size 640,400 font 'sans,13' background rgb 'white'\n"
            "set output 'regression.svg'\n"
            "set title '1-64-64-1, tanh, 256 noisy points'\n"
            "set xrange [-3:3]; set yrange [-3:3]; set tics out nomirror; set border 3; set key top left Left reverse\n"
            "$data << end\n";
    for (int i = 0; i < samples; ++i) plot << x(i, 0) << ' ' << y(i, 0) << '\n';
    plot << "end\n$fit << end\n";
    for (int i = 0; i < curve_points; ++i) plot << at(i, 0) << ' ' << fit(i, 0) << ' ' << truth(at(i, 0)) << '\n';
    plot << "end\n"
            "plot $data with points pt 7 ps 0.45 lc rgb '#9aa5b1' title 'data', \\\n"
            "     $fit using 1:3 with lines lw 1.5 dt 2 lc rgb '#333333' title 'sin(2x) + 0.3x', \\\n"
            "     $fit using 1:2 with lines lw 2.5 lc rgb '#d9822b' title 'network'\n";
#else
    std::cout << "no picture: the library gnuplot-iostream is not installed\n";
#endif
}
