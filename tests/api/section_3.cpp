// SPDX-License-Identifier: BSL-1.0
// Modules, as the documentation has them.
#include <ashlar/ashlar.hpp>

#include "support/catch.hpp"

namespace nn = ashlar::nn;
using ashlar::Tensor;

struct Block {
    nn::Linear<64, 64> first, second;
    constexpr auto operator()(ashlar::expression auto x) const { return x + second(relu(first(x))); }
};
BOOST_HANA_ADAPT_STRUCT(Block, first, second);   // names its parameters: "first.weight", ...

static_assert(std::is_trivially_copyable_v<nn::Linear<784, 128>> &&
              std::is_trivially_copyable_v<nn::Linear<784, 128, nn::no_bias>>);

TEST_CASE("a user's module in Sequential, and alone") {
    nn::Sequential<nn::Linear<16, 64>, Block, Block, nn::Linear<64, 4>> model{ashlar::seed(1)};
    const auto x16 = Tensor<float, 5, 16>::full(0.5f);
    const Tensor<float, 5, 4> out = model(x16);
    CHECK(out(0, 0) == out(4, 0));
    static_assert(ashlar::parameter_count<decltype(model)> == 16 * 64 + 64 + 4 * (64 * 64 + 64) + 64 * 4 + 4);

    const Block block = model.get<1>();
    const auto x = Tensor<float, 64>::full(0.25f);
    auto y = ashlar::call(block, x);                 // a user's module alone on a tensor: one node
    const Tensor<float, 64> value = y;
    const Tensor<float, 64> by_hand = x + block.second(relu(block.first(x)));
    for (int i = 0; i < 64; ++i) CHECK(value(i) == Approx(by_hand(i)).epsilon(1e-6));
}

TEST_CASE("a batch or none") {
    const nn::Linear<784, 128> layer{ashlar::seed(2)};
    static_assert(std::same_as<ashlar::shape_t<decltype(layer(std::declval<Tensor<float, 64, 784>&>()))>,
                               ashlar::Shape<64, 128>>);
    static_assert(
        std::same_as<ashlar::shape_t<decltype(layer(std::declval<Tensor<float, 784>&>()))>, ashlar::Shape<128>>);
    SUCCEED();
}

TEST_CASE("initialize seeds any module; weights are assignable") {
    nn::Sequential<nn::Linear<784, 128>, nn::LeakyReLU, nn::Residual<nn::Linear<128, 128>, nn::ReLU>> model;
    ashlar::initialize(model, ashlar::seed(1));
    static_assert(
        std::same_as<std::remove_reference_t<decltype(model.template get<0>().weight)>, Tensor<float, 128, 784>>);
    model.template get<0>().weight = Tensor<float, 128, 784>::zeros();
    model.template get<1>().negative_slope = 0.2f;
    model.get<0>().bias = Tensor<float, 128>::full(-1);
    const Tensor<float, 128> leaky = leaky_relu(model.get<0>().bias, 0.2f);
    const auto x = Tensor<float, 784>::ones();
    const Tensor<float, 128> y = model(x);
    const Tensor<float, 128> expected = leaky + relu(model.get<2>().get<0>()(leaky));
    for (int i = 0; i < 128; ++i) CHECK(y(i) == Approx(expected(i)).epsilon(1e-5));
}

TEST_CASE("reductions are tags, options are members") {
    nn::MSELoss c;
    const Tensor<float, 2> a{1, 2}, b{0, 4};
    const float mean = c(a, b);
    CHECK(mean == 2.5f);
    CHECK(ashlar::eval(nn::MSELoss<nn::reduction::none>{}(a, b)) == Tensor<float, 2>{1, 4});
    const nn::CrossEntropyLoss smoothed{.label_smoothing = 0.1f};
    CHECK(smoothed.label_smoothing.value == Approx(0.1));
    const Tensor<float, 2> leaky = nn::LeakyReLU{0.2f}(Tensor<float, 2>{-1, 1});
    CHECK(leaky(0) == Approx(-0.2f));
}
