// SPDX-License-Identifier: BSL-1.0
// Training of DEPTH blocks of three layers each, all of different widths, every other
// layer with a skip: the largest graph of these programs, without two layers of one type.
// depths: 8 32
// limit DEPTH=32: 40 s, 700 MB
#include <ashlar/ashlar.hpp>

#include <utility>

namespace nn = ashlar::nn;
namespace optim = ashlar::optim;
using ashlar::Tensor;

// 64, 65, 66, ... features
template <std::size_t I, std::size_t N = 64 + I / 3>
using Layer =
    std::conditional_t<I % 3 == 0, nn::Linear<N, N + 1>,
                       std::conditional_t<I % 3 == 1, nn::ReLU, nn::Residual<nn::Linear<N + 1, N + 1>, nn::Tanh>>>;

template <class Layers> struct network;
template <std::size_t... I> struct network<std::index_sequence<I...>> {
    using type = nn::Sequential<Layer<I>..., nn::Linear<64 + DEPTH, 4>>;
};
using Model = network<std::make_index_sequence<3 * DEPTH>>::type;

static Model model;
static Tensor<float, 16, 64> x;
static Tensor<float, 16, 4> y;

int main(int argc, char**) {
    initialize(model, ashlar::seed(1));
    x = Tensor<float, 16, 64>::full(0.1f * static_cast<float>(argc));
    y = Tensor<float, 16, 4>::full(0.25f);
    static optim::SGD sgd{model, {.lr = 0.01f}};
    nn::CrossEntropyLoss criterion;
    float loss = 0;
    for (int step = 0; step < 10; ++step) loss = sgd.step(criterion(model(x), y));
    return loss > 100;
}
