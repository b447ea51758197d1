// SPDX-License-Identifier: BSL-1.0
// Training of 32 layers of different widths: no two are of one type.
// limit: 30 s, 500 MB
#include <ashlar/ashlar.hpp>

#include <utility>

namespace nn = ashlar::nn;
namespace optim = ashlar::optim;
using ashlar::Tensor;

// 33, 34, 36, 38, ... 96
constexpr std::size_t width(std::size_t i) { return 33 + 63 * i / 32; }

template <std::size_t I>
using Layer = std::conditional_t<I % 2 == 0, nn::Linear<width(I / 2), width(I / 2 + 1)>, nn::ReLU>;

template <class Layers> struct network;
template <std::size_t... I> struct network<std::index_sequence<I...>> {
    using type = nn::Sequential<Layer<I>...>;
};
using Model = network<std::make_index_sequence<64>>::type;

static Model model;
static Tensor<float, 16, 33> x;
static Tensor<float, 16, 96> y;

int main(int argc, char**) {
    initialize(model, ashlar::seed(1));
    x = Tensor<float, 16, 33>::full(0.1f * static_cast<float>(argc));
    y = Tensor<float, 16, 96>::full(0.25f);
    static optim::SGD sgd{model, {.lr = 0.01f}};
    nn::CrossEntropyLoss criterion;
    float loss = 0;
    for (int step = 0; step < 10; ++step) loss = sgd.step(criterion(model(x), y));
    return loss > 100;
}
