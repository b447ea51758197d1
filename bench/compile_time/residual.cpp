// SPDX-License-Identifier: BSL-1.0
// Training of DEPTH equal residual blocks.
// depths: 2 8 32 64
// limit DEPTH=64: 15 s, 500 MB
// counted: -fsyntax-only -DDEPTH=16
// counts clang++ 19 with libstdc++ 12: types 129336, declarations 89230, expressions 901306, steps 192223
// counts g++ 12: memory 215, functions 10615, classes 6607, steps 3318095
#include <ashlar/ashlar.hpp>

#include <utility>

namespace nn = ashlar::nn;
namespace optim = ashlar::optim;
using ashlar::Tensor;

template <std::size_t> using Block = nn::Residual<nn::Linear<32, 32>, nn::ReLU>;

template <class Blocks> struct network;
template <std::size_t... I> struct network<std::index_sequence<I...>> {
    using type = nn::Sequential<nn::Linear<16, 32>, Block<I>..., nn::Linear<32, 4>>;
};
using Model = network<std::make_index_sequence<DEPTH>>::type;

static Model model;
static Tensor<float, 16, 16> x;
static Tensor<float, 16, 4> y;

int main(int argc, char**) {
    initialize(model, ashlar::seed(1));
    x = Tensor<float, 16, 16>::full(0.1f * static_cast<float>(argc));
    y = Tensor<float, 16, 4>::full(0.25f);
    static optim::SGD sgd{model, {.lr = 0.01f}};
    nn::CrossEntropyLoss criterion;
    float loss = 0;
    for (int step = 0; step < 10; ++step) loss = sgd.step(criterion(model(x), y));
    return loss > 100;
}
