// SPDX-License-Identifier: BSL-1.0
// labels: slow
// `step(loss)`, and `backward` with `step()`, give a network of convolutions and pools the same parameters bit for bit.
// Odd sizes, strides and groups, so that every kernel has a remainder.
#include "support/catch.hpp"
#include "support/forms.hpp"

#include <ashlar/ashlar.hpp>

namespace nn = ashlar::nn;
namespace optim = ashlar::optim;
using ashlar::Tensor;

namespace {

using Model = nn::Sequential<nn::Conv2d<2, 6, 3, nn::padding<1>>, nn::ReLU, nn::MaxPool2d<2>,
                             nn::Conv2d<6, 9, 3, nn::stride<2>, nn::padding<1>, nn::groups<3>>, nn::Tanh,
                             nn::AvgPool2d<2>, nn::Flatten, nn::Linear<18, 5>>;

template <class MakeOptimizer> void the_long_form_equals_the_short_one(MakeOptimizer make) {
    ashlar::generator random{ashlar::seed(5)};
    Tensor<float, 7, 2, 11, 17> x;
    fill_uniform(x, random, 1.0f);
    const Tensor<int, 7> y{0, 3, 1, 4, 2, 2, 0};
    support::the_long_form_equals_the_short_one<Model>(x, y, 3, make);
}

}  // namespace

TEST_CASE("convolutions under SGD: short and long form", "[optim][bits]") {
    the_long_form_equals_the_short_one([](Model& m) { return optim::SGD{m, {.lr = 0.1f}}; });
}

TEST_CASE("convolutions under Adam: short and long form", "[optim][bits]") {
    the_long_form_equals_the_short_one([](Model& m) { return optim::Adam{m, {.lr = 0.01f}}; });
}
