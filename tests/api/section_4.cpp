// SPDX-License-Identifier: BSL-1.0
// Known at compile time, as the documentation has it.
#include <ashlar/ashlar.hpp>
#include <iostream>
namespace nn = ashlar::nn;
namespace optim = ashlar::optim;
using ashlar::Tensor;

using Model = nn::Sequential<nn::Linear<784, 128>, nn::ReLU, nn::Linear<128, 10>>;
static_assert(ashlar::parameter_count<Model> == 101770);
static_assert(ashlar::flops<Model, ashlar::Shape<1, 784>> < 250'000);
static_assert(ashlar::workspace_bytes<Model, ashlar::Shape<1, 784>> <= 1024);       // inference

using Xor = nn::Sequential<nn::Linear<2, 8>, nn::ReLU, nn::Linear<8, 2>>;
constexpr Tensor<float, 4, 2> x{{0, 0}, {0, 1}, {1, 0}, {1, 1}};
constexpr Tensor<float, 4, 2> y{{1, 0}, {0, 1}, {0, 1}, {1, 0}};

constexpr auto trained = [] { Xor m{ashlar::seed(0)}; optim::SGD sgd{m, {.lr = 0.5f}};
                              for (int i = 0; i < 200; ++i) sgd.step(nn::CrossEntropyLoss{}(m(x), y));
                              return m; }();
static_assert(argmax<1>(ashlar::eval(trained(x))) == Tensor<int, 4>{0, 1, 1, 0});

int main() {
    static const Model model{ashlar::seed(0)};
    static const Tensor<float, 64, 784> image{};
    static const Tensor<int, 64> label{};
    const nn::CrossEntropyLoss criterion;
    std::cout << ashlar::summary<Model, ashlar::Shape<64, 784>>() << ashlar::plan(criterion(model(image), label));

    // The 200 steps at run time: within 1e-3.
    Xor m{ashlar::seed(0)};
    optim::SGD sgd{m, {.lr = 0.5f}};
    for (int i = 0; i < 200; ++i) sgd.step(nn::CrossEntropyLoss{}(m(x), y));
    double worst = 0;
    const auto compare = [&](const auto& a, const auto& b) {
        for (std::size_t i = 0; i < a.size(); ++i) {
            const double d = static_cast<double>(a.data()[i]) - static_cast<double>(b.data()[i]);
            worst = d < 0 ? (-d > worst ? -d : worst) : d > worst ? d : worst;
        }
    };
    compare(m.get<0>().weight, trained.get<0>().weight);
    compare(m.get<0>().bias, trained.get<0>().bias);
    compare(m.get<2>().weight, trained.get<2>().weight);
    compare(m.get<2>().bias, trained.get<2>().bias);
    std::cout << "constexpr and run time differ by " << worst << '\n';
    return worst < 1e-3 ? 0 : 1;
}
