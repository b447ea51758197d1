// SPDX-License-Identifier: BSL-1.0
// labels: slow
// Convolutions and pools in constant evaluation, beside the kernels.
#include <ashlar/ashlar.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

namespace nn = ashlar::nn;
using ashlar::Tensor;

namespace {

using Model = nn::Sequential<nn::Conv2d<1, 2, 3, nn::padding<1>>, nn::ReLU, nn::MaxPool2d<2>,
                             nn::Conv2d<2, 2, 2, nn::stride<2>, nn::groups<2>>, nn::Flatten, nn::Linear<2, 2>>;

constexpr Tensor<float, 2, 1, 4, 5> image = [] {
    Tensor<float, 2, 1, 4, 5> x{};
    for (std::size_t i = 0; i < x.size(); ++i) x.data()[i] = static_cast<float>(static_cast<int>(i * 7 % 11) - 5) / 4;
    return x;
}();

constexpr Tensor<float, 2, 2> answer(const Model& m) {
    Tensor<float, 2, 2> y{};
    y = m(image);
    return y;
}
constexpr Model trained(int steps) {
    Model m;
    ashlar::initialize(m, ashlar::seed(3));
    const Tensor<int, 2> target{0, 1};
    ashlar::optim::SGD sgd{m, {.lr = 0.5f}};
    for (int i = 0; i < steps; ++i) sgd.step(nn::CrossEntropyLoss{}(m(image), target));
    return m;
}

}  // namespace

TEST_CASE("a convolutional network, evaluated while compiling") {
    constexpr auto y = answer(trained(0));
    const volatile int none = 0;
    CHECK(support::first_difference(answer(trained(none)), y.data(), 1e-6) == -1);
}

TEST_CASE("and trained") {
    constexpr auto y = answer(trained(3));
    const volatile int steps = 3;
    CHECK(support::first_difference(answer(trained(steps)), y.data(), 1e-5) == -1);
}

TEST_CASE("pools of every sort") {
    constexpr auto pooled = [] { return ashlar::eval(nn::MaxPool2d<3, nn::stride<2>, nn::padding<1>>{}(image)); };
    constexpr auto largest = pooled();
    static_assert(largest(0, 0, 0, 0) == 1);
    CHECK(pooled() == largest);
    constexpr auto averaged = [] { return ashlar::eval(nn::AvgPool2d<2>{}(image)); };
    constexpr auto means = averaged();
    CHECK(support::first_difference(averaged(), means.data(), 1e-6) == -1);
}
