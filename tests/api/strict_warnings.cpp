// SPDX-License-Identifier: BSL-1.0
// The library under warnings that some users have on: a short program that makes much of the templates.
// labels: text
// flags: -DASHLAR_CHECK -Wsign-conversion -Wdouble-promotion -Wold-style-cast -Wextra-semi -Wnon-virtual-dtor
// flags: -Wcast-qual -Wfloat-conversion -Woverloaded-virtual -Wformat=2 -Wundef -Wcast-align -Wredundant-decls
#if !defined(__clang__)
    #pragma GCC diagnostic error "-Wuseless-cast"
    #pragma GCC diagnostic error "-Wduplicated-cond"
    #pragma GCC diagnostic error "-Wlogical-op"
    #pragma GCC diagnostic error "-Wzero-as-null-pointer-constant"
#endif
#include <ashlar/ashlar.hpp>
#include <ashlar/train.hpp>

#include <sstream>
namespace nn = ashlar::nn;
namespace optim = ashlar::optim;
using ashlar::Shape;
using ashlar::Tensor;

namespace {

struct block {
    nn::Linear<8, 8> first;
    ashlar::option scale = 0.5;
    constexpr auto operator()(ashlar::expression auto x) const { return x + scale * relu(first(x)); }
};

}  // namespace
BOOST_HANA_ADAPT_STRUCT(block, first, scale);

namespace {

std::string compute() {
    static Tensor<float, 9, 17> p{};
    static Tensor<float, 17, 21> q{};
    const auto a = ashlar::variable<"a">(p);
    const auto b = ashlar::variable<"b">(q);
    const Tensor<float, 9, 17> functions = exp(a) + log(a) * sin(a) - tanh(a) / sqrt(a) + tan(a) + asin(a) + erf(a) +
                                           round(a) + gelu(a) + pow(a, a) + clamp(a, -1, 1);
    const auto product = matmul(a, b);
    const Tensor<float, 9, 17> slope = grad(sum(log_softmax<1>(product)) + sum(ashlar::max<1>(product)), a);
    const Tensor<float, 21> vars = var<0>(product);
    const Tensor<float, 9> row = matmul(a, ashlar::slice<0, 0, 17>(ashlar::reshape<17 * 21>(b)));
    const Tensor<int, 9> best = argmax<1>(product);
    const Tensor<int, 9, 21> rounded = ashlar::to<int>(product) * 3 + ashlar::to<int>(product > 0);
    const Tensor<float, 18, 17> joined = ashlar::concat<0>(a, ashlar::flip<1>(a));
    std::ostringstream text;
    text << functions << slope << vars << row << best << rounded << joined;
    text << ashlar::print(grad(sum(tanh(a)), a)) << ashlar::plan(sum(exp(a)));
    return text.str();
}

std::string train() {
    using network = nn::Sequential<nn::Conv2d<1, 4, 3>, nn::ReLU, nn::MaxPool2d<2>, nn::Flatten, nn::Linear<100, 8>,
                                   block, nn::Linear<8, 3>>;
    static network model{ashlar::seed(0)};
    nn::CrossEntropyLoss<> criterion{.label_smoothing = 0.1};
    optim::Adam adam{model, {.lr = 1e-3}};
    const Tensor<float, 5, 1, 12, 12> x{};
    const Tensor<int, 5> y{0, 1, 2, 1, 0};
    float loss = ashlar::backward(criterion(model(x), y), adam.gradients());
    adam.step();
    const auto fast = ashlar::compile(model);
    const Tensor<float, 5, 3> answer = fast(x);
    std::ostringstream text;
    text << loss << answer << ashlar::summary<network, Shape<5, 1, 12, 12>>();
    try {
        const auto data = ashlar::read_csv<float, 1, 12, 12>("nowhere.csv", {.label = 0, .scale = 0.5});
        const auto [training, test] = ashlar::split(data, 1);
        const auto seen = ashlar::fit<5>(model, criterion, adam, training, {.epochs = 2, .validation = test});
        text << seen.losses.size() << ashlar::confusion_matrix<3>(model, test);
        text << ashlar::read_csv<double, Shape<4>, Shape<2>>("nowhere.csv").size();
    } catch (const ashlar::file_error& e) {
        text << e.what();
    }
    return text.str();
}

}  // namespace

int main() { return compute().empty() || train().empty(); }
