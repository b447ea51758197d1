// SPDX-License-Identifier: BSL-1.0
#include <ashlar/ashlar.hpp>

#include <algorithm>
#include <cmath>
#include <iostream>

namespace nn = ashlar::nn;
namespace optim = ashlar::optim;
using ashlar::Tensor;

int main() {
    // A derivative is an expression like any other: it can be printed, evaluated and differentiated again.
    const Tensor<double, 3> a{0.1, 0.2, 0.3};
    auto x = ashlar::variable<"x">(a);  // a named leaf; it refers to a
    auto y = sum(tanh(x) * x);
    auto gradient = grad(y, x);
    auto second = grad(sum(gradient), x);

    std::cout << "y = " << ashlar::print(y) << "\n\n"
              << "dy/dx = " << ashlar::print(gradient) << "\n\n"
              << "d2y/dx2 = " << ashlar::print(second) << "\n\n";

    const Tensor<double, 3> g = gradient, h = second;
    std::cout << "at x = " << a << '\n' << "dy/dx   = " << g << '\n' << "d2y/dx2 = " << h << '\n';

    // Both against central differences of y itself.
    double worst = 0;
    for (int i = 0; i < 3; ++i) {
        constexpr double step = 1e-4;
        const auto f = [&](double moved) {
            const double at = a(i) + moved;
            return std::tanh(at) * at;
        };
        worst = std::max(worst, std::abs(g(i) - (f(step) - f(-step)) / (2 * step)));
        worst = std::max(worst, std::abs(h(i) - (f(step) - 2 * f(0) + f(-step)) / (step * step)));
    }
    std::cout << "largest difference to central differences: " << worst << "\n\n";

    // A training step as the compiler has planned it: the loss, its derivatives and the update of every parameter are
    // one program. Each line is a loop or a matrix product with what is fused into it;
    // the last lines say where results lie.
    const Tensor<float, 16, 2> inputs =
        Tensor<float, 16, 2>::generate([](auto i, auto j) { return static_cast<float>(i * (j + 1)) / 16; });
    const Tensor<float, 16, 1> targets = Tensor<float, 16, 1>::ones();
    nn::Sequential<nn::Linear<2, 8>, nn::Tanh, nn::Linear<8, 1>> model{ashlar::seed(0)};
    nn::MSELoss criterion;
    optim::SGD sgd{model, {.lr = 0.1f}};

    auto loss = criterion(model(inputs), targets);
    std::cout << "loss = " << ashlar::print(loss) << "\n\n" << ashlar::plan(sgd, loss);
    return worst < 1e-6 ? 0 : 1;
}
