// SPDX-License-Identifier: BSL-1.0
// Training and evaluation in memory of the program's own, for a machine that has nothing else: no stdio, no threads.
// flags: -DASHLAR_FATAL=stop -fno-exceptions -fno-rtti
// undefined: stop memcpy memmove memset sqrt
#include <ashlar/ashlar.hpp>

namespace nn = ashlar::nn;
namespace optim = ashlar::optim;
using ashlar::Shape;
using ashlar::Tensor;

template <class Model, class Rows, class Labels> struct device {
    Model model{ashlar::seed(0)};
    optim::Adam<Model> adam{model, {.lr = 1e-3}};
    nn::CrossEntropyLoss<> criterion;
    ashlar::Workspace<optim::Adam<Model>, nn::CrossEntropyLoss<>, Rows, Labels> training;
    using call = decltype(std::declval<const Model&>()(std::declval<const Rows&>()));
    ashlar::Workspace<call> inference;

    float learn(const Rows& x, const Labels& y) noexcept { return adam.step(criterion(model(x), y), training); }
    void answer(const Rows& x, auto& out) noexcept { ashlar::evaluate(std::as_const(model)(x), out, inference); }
};

using Small = nn::Sequential<nn::Linear<2, 8>, nn::Tanh, nn::Linear<8, 2>>;
using Large = nn::Sequential<nn::Linear<100, 96>, nn::ReLU, nn::Linear<96, 10>>;
using Images = nn::Sequential<nn::Conv2d<1, 4, 3>, nn::ReLU, nn::MaxPool2d<2>, nn::Flatten, nn::Linear<4 * 5 * 5, 3>>;

static device<Small, Tensor<float, 4, 2>, Tensor<int, 4>> straight;
static device<Large, Tensor<float, 32, 100>, Tensor<int, 32>> tape;
static device<Images, Tensor<float, 8, 1, 12, 12>, Tensor<int, 8>> windows;

float straight_step(const Tensor<float, 4, 2>& x, const Tensor<int, 4>& y, Tensor<float, 4, 2>& out) noexcept {
    straight.answer(x, out);
    return straight.learn(x, y);
}
float tape_step(const Tensor<float, 32, 100>& x, const Tensor<int, 32>& y, Tensor<float, 32, 10>& out) noexcept {
    tape.answer(x, out);
    return tape.learn(x, y);
}
float windows_step(const Tensor<float, 8, 1, 12, 12>& x, const Tensor<int, 8>& y, Tensor<float, 8, 3>& out) noexcept {
    windows.answer(x, out);
    return windows.learn(x, y);
}
