// SPDX-License-Identifier: BSL-1.0
// labels: widths
// Dropout: its generator beside the published numbers, which elements stay, what they become, when others are drawn.
#include "support/catch.hpp"

#include <ashlar/ashlar.hpp>

#include <cmath>

namespace nn = ashlar::nn;
namespace optim = ashlar::optim;
using ashlar::Tensor;

// The known answers of Random123 for Threefry-2x32 with 13 rounds.
static_assert(ashlar::kernels::threefry(0u, 0u, 0u, 0u).first == 0x9d1c5ec6u);
static_assert(ashlar::kernels::threefry(0u, 0u, 0u, 0u).second == 0x8bd50731u);
static_assert(ashlar::kernels::threefry(~0u, ~0u, ~0u, ~0u).first == 0xfd36d048u);
static_assert(ashlar::kernels::threefry(~0u, ~0u, ~0u, ~0u).second == 0x2d17272cu);
static_assert(ashlar::kernels::threefry(0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u).first == 0xba3e4725u);
static_assert(ashlar::kernels::threefry(0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u).second == 0xf27d669eu);

// What the layer draws, written out: the bits of element i for the key of a seed and a place in the model.
static bool dropped(std::uint32_t i, std::uint32_t position, std::uint32_t seed, std::uint32_t place, double p) {
    const std::uint32_t key = ashlar::kernels::threefry(seed, place, 0u, 0u).first;
    const auto bits = static_cast<std::int32_t>(ashlar::kernels::threefry(i, position, key, 0u).first);
    return bits < p * 4294967296.0 - 2147483648.0;
}

template <std::size_t... Dims> static Tensor<float, Dims...> numbered() {
    Tensor<float, Dims...> x;
    for (std::size_t i = 0; i < x.size(); ++i) x.data()[i] = static_cast<float>(i + 1);
    return x;
}

// Of `whole` elements that share their fate one after the other.
template <class T> static void expect(const T& y, const T& x, std::uint32_t position, std::uint32_t seed,
                                      std::uint32_t place, double p, std::uint32_t whole = 1) {
    int wrong = 0;
    for (std::uint32_t i = 0; i < x.size(); ++i) {
        const float expected =
            dropped(i / whole, position, seed, place, p) ? 0 : x.data()[i] * (1 / (1 - static_cast<float>(p)));
        wrong += y.data()[i] != expected;
    }
    CHECK(wrong == 0);
}

template <std::size_t... Dims> static void check_shape() {
    nn::Dropout layer{0.3};
    layer.stream.seed = 12345, layer.stream.position = 7;
    const auto x = numbered<Dims...>();
    const Tensor<float, Dims...> y = ashlar::training(layer)(x);
    expect(y, x, 7, 12345, 1, 0.3);
    CHECK(ashlar::eval(layer(x)) == x);
    CHECK(layer.stream.position == 7);
}
TEST_CASE("the elements that are dropped", "[nn]") {
    check_shape<1>();
    check_shape<7>();
    check_shape<301>();
    check_shape<3, 5>();
    check_shape<2, 3, 67>();
    check_shape<2, 1, 5, 9>();
}

TEST_CASE("whole channels are dropped", "[nn]") {
    nn::Dropout1d signals{0.4};
    nn::Dropout2d images{0.4};
    signals.stream.seed = images.stream.seed = 99;
    const auto x = numbered<4, 5, 6>();
    expect(ashlar::eval(ashlar::training(signals)(x)), x, 0, 99, 1, 0.4, 6);
    expect(ashlar::eval(ashlar::training(images)(x)), x, 0, 99, 1, 0.4, 30);
    const auto batch = numbered<2, 3, 4, 5>();
    expect(ashlar::eval(ashlar::training(images)(batch)), batch, 0, 99, 1, 0.4, 20);
}

TEST_CASE("nothing and everything is dropped", "[nn]") {
    const auto x = numbered<5, 40>();
    nn::Dropout layer{0.0};
    CHECK(ashlar::eval(ashlar::training(layer)(x)) == x);
    layer.p = 1;
    const auto v = ashlar::variable<"x">(x);
    CHECK(ashlar::eval(ashlar::training(layer)(x)) == x.zeros());
    CHECK(ashlar::eval(grad(sum(ashlar::training(layer)(v)), v)) == x.zeros());
}

TEST_CASE("the share that is dropped", "[nn]") {
    for (const double p : {0.1, 0.5, 0.9}) {
        nn::Dropout layer{p};
        const auto x = Tensor<float, 100, 500>::ones();
        const auto y = ashlar::eval(ashlar::training(layer)(x));
        int zeros = 0, pairs = 0;
        for (std::size_t i = 0; i < y.size(); ++i) zeros += y.data()[i] == 0;
        for (std::size_t i = 1; i < y.size(); ++i) pairs += y.data()[i] == 0 && y.data()[i - 1] == 0;
        CHECK(std::abs(zeros - 50'000 * p) < 5 * std::sqrt(50'000 * p * (1 - p)));
        CHECK(std::abs(pairs - 50'000 * p * p) < 6 * std::sqrt(50'000 * p * p));
    }
}

// Scale, dropout, scale: the gradient of both scales says which elements stayed.
struct Model {
    Tensor<float, 8> scale = Tensor<float, 8>::ones();
    nn::Dropout drop{0.5}, other{0.5};
    using members = ashlar::members<&Model::scale, &Model::drop, &Model::other>;
    constexpr auto operator()(ashlar::expression auto x) const { return together(drop(x * scale), other(x * scale)); }
};
struct First {
    Model model;
    using members = ashlar::members<&First::model>;
    constexpr auto operator()(ashlar::expression auto x) const {
        const auto [a, b] = ashlar::parts(model(x));
        return sum(a) + 100 * sum(b);
    }
};
TEST_CASE("the backward draws what the forward drew, each step and each layer anew", "[nn]") {
    First m;
    ashlar::initialize(m, ashlar::seed(5));
    m.model.scale = m.model.scale.ones();
    const auto seed_a = static_cast<std::uint32_t>(static_cast<int>(m.model.drop.stream.seed));
    const auto seed_b = static_cast<std::uint32_t>(static_cast<int>(m.model.other.stream.seed));
    CHECK(seed_a != seed_b);
    const auto x = Tensor<float, 1, 8>::ones();
    for (std::uint32_t step = 0; step < 4; ++step) {
        const auto [loss, gradients] = value_and_grad(call(m, x), m);
        float sum = 0;
        int wrong = 0;
        for (std::uint32_t i = 0; i < 8; ++i) {
            const float expected =
                (dropped(i, step, seed_a, 2, 0.5) ? 0.0f : 2.0f) + (dropped(i, step, seed_b, 5, 0.5) ? 0.0f : 200.0f);
            wrong += gradients.model.scale(i) != expected;
            sum += expected;
        }
        CHECK(wrong == 0);
        CHECK(loss == sum);
        CHECK(m.model.drop.stream.position == static_cast<int>(step + 1));
    }
}

TEST_CASE("one seed gives one run", "[nn]") {
    using Net = nn::Sequential<nn::Linear<6, 16>, nn::ReLU, nn::Dropout, nn::Linear<16, 2>>;
    const auto x = numbered<10, 6>();
    const auto y = numbered<10, 2>();
    const auto trained = [&](std::uint64_t seed) {
        Net m{ashlar::seed(seed)};
        optim::SGD sgd{m, {.lr = 1e-4}};
        for (int i = 0; i < 5; ++i) static_cast<void>(sgd.step(nn::MSELoss{}(m(x), y)));
        return m;
    };
    const Net a = trained(1), b = trained(1), c = trained(2);
    CHECK(a.get<0>().weight == b.get<0>().weight);
    CHECK(a.get<2>().stream.seed != c.get<2>().stream.seed);
    CHECK(a.get<2>().stream.position == 5);
}
