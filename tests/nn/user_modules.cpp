// SPDX-License-Identifier: BSL-1.0
// A user's own modules, adapted in both ways: skip connections, tensors and options of their own, modules in modules.
#include "support/catch.hpp"

#include "support/fixture.hpp"

#include <string>
#include <vector>

namespace nn = ashlar::nn;
using ashlar::Tensor;
using support::first_difference;

struct Block {
    nn::Linear<6, 6> first, second;
    constexpr auto operator()(ashlar::expression auto x) const { return x + second(relu(first(x))); }
};
BOOST_HANA_ADAPT_STRUCT(Block, first, second);

// Parameters of its own beside a layer, and an option.
struct Scaled {
    BOOST_HANA_DEFINE_STRUCT(Scaled, (Tensor<float, 6>, scale), (nn::Linear<6, 4>, head), (ashlar::option, slope));
    constexpr auto operator()(ashlar::expression auto x) const { return head(leaky_relu(x * scale, slope)); }
};

// A layer that is used twice, and skips over skips.
struct Woven {
    Block block;
    nn::Linear<6, 6> shared;
    constexpr auto operator()(ashlar::expression auto x) const {
        const auto a = shared(block(x));
        const auto b = tanh(shared(a + x));
        return a * b + x;
    }
};
BOOST_HANA_ADAPT_STRUCT(Woven, block, shared);

static Tensor<float, 3, 6> some_input() {
    return Tensor<float, 3, 6>::generate([](std::size_t i, std::size_t j) {
        return 0.25f * static_cast<float>(i) - 0.1f * static_cast<float>(j) + 0.05f;
    });
}

template <class Model> static Model drawn(std::uint64_t seed) {
    Model m{};
    ashlar::initialize(m, ashlar::seed(seed));
    return m;
}

// x W^T + b, written out.
template <std::size_t N, std::size_t In, std::size_t Out>
static Tensor<float, N, Out> linear(const Tensor<float, N, In>& x, const nn::Linear<In, Out>& l) {
    return Tensor<float, N, Out>::generate([&](std::size_t n, std::size_t o) {
        float y = l.bias(o);
        for (std::size_t i = 0; i < In; ++i) y += x(n, i) * l.weight(o, i);
        return y;
    });
}

TEST_CASE("a module adapted by BOOST_HANA_ADAPT_STRUCT", "[nn]") {
    const auto block = drawn<Block>(1);
    const auto x = some_input();
    const Tensor<float, 3, 6> expected = x + linear(ashlar::eval(relu(linear(x, block.first))), block.second);
    CHECK(first_difference(ashlar::eval(ashlar::call(block, x)), expected, 1e-6) == -1);
    CHECK(ashlar::parameter_count<Block> == 2 * (36 + 6));
}

TEST_CASE("a module with a tensor and an option of its own", "[nn]") {
    auto model = drawn<Scaled>(2);
    model.scale = Tensor<float, 6>{1, 2, -1, 0.5f, 3, 1};
    model.slope = 0.1;
    const auto x = some_input();
    const auto expected = [&](float slope) {
        const Tensor<float, 3, 6> inner = Tensor<float, 3, 6>::generate([&](std::size_t i, std::size_t j) {
            const float v = x(i, j) * model.scale(j);
            return v > 0 ? v : slope * v;
        });
        return linear(inner, model.head);
    };
    CHECK(first_difference(ashlar::eval(ashlar::call(model, x)), expected(0.1f), 1e-6) == -1);
    model.slope = 0.5;  // changed at run time
    CHECK(first_difference(ashlar::eval(ashlar::call(model, x)), expected(0.5f), 1e-6) == -1);
    CHECK(ashlar::parameter_count<Scaled> == 6 + 24 + 4);

    const auto gradients = ashlar::value_and_grad(sum(ashlar::call(model, x)), model).gradients;
    static_assert(std::same_as<decltype(gradients.scale), Tensor<float, 6>>);
    CHECK(first_difference(gradients.head.bias, Tensor<float, 4>::full(3), 1e-6) == -1);
    for (std::size_t j = 0; j < 6; ++j) {  // d/d scale by central differences
        const float h = 1e-2f, here = model.scale(j);
        model.scale(j) = here + h;
        const float above = sum(ashlar::call(model, x));
        model.scale(j) = here - h;
        const float below = sum(ashlar::call(model, x));
        model.scale(j) = here;
        CHECK(support::close(static_cast<double>(gradients.scale(j)), static_cast<double>((above - below) / (2 * h)),
                             2e-3));
    }
}

TEST_CASE("a layer that is used twice gets both gradients", "[nn]") {
    auto model = drawn<Woven>(3);
    const auto x = some_input();
    const Tensor<float, 3, 6> a = linear(ashlar::eval(ashlar::call(model.block, x)), model.shared);
    const Tensor<float, 3, 6> ax = a + x;
    const Tensor<float, 3, 6> expected = a * tanh(linear(ax, model.shared)) + x;
    CHECK(first_difference(ashlar::eval(ashlar::call(model, x)), expected, 1e-6) == -1);

    const auto gradients = ashlar::value_and_grad(sum(ashlar::call(model, x)), model).gradients;
    for (std::size_t j = 0; j < 6; ++j) {
        const float h = 1e-2f, here = model.shared.bias(j);
        model.shared.bias(j) = here + h;
        const float above = sum(ashlar::call(model, x));
        model.shared.bias(j) = here - h;
        const float below = sum(ashlar::call(model, x));
        model.shared.bias(j) = here;
        CHECK(support::close(static_cast<double>(gradients.shared.bias(j)),
                             static_cast<double>((above - below) / (2 * h)), 2e-3));
    }
}

TEST_CASE("members have names", "[nn]") {
    auto model = drawn<Woven>(4);
    std::vector<std::string> names;
    ashlar::for_each_member(model, [&](const char* name, auto&) { names.emplace_back(name); });
    CHECK(names == std::vector<std::string>{"block", "shared"});
    names.clear();
    nn::Linear<2, 3> layer;
    ashlar::for_each_member(layer, [&](const char* name, auto&) { names.emplace_back(name); });
    CHECK(names == std::vector<std::string>{"weight", "bias"});
}

namespace {
struct Counts {
    ashlar::option bound = 0.1;
    using members = ashlar::members<&Counts::bound>;
    constexpr auto operator()(ashlar::expression auto x) const { return ashlar::sum<1>(x > bound); }
};
struct Scales {
    ashlar::option by = 0.1;
    using members = ashlar::members<&Scales::by>;
    constexpr auto operator()(ashlar::expression auto x) const {
        return ashlar::to<double>(ashlar::sum<1>(x)) * (1 - by);
    }
};
struct Mixes {
    ashlar::option share = 0.1;
    using members = ashlar::members<&Mixes::share>;
    constexpr auto operator()(ashlar::expression auto x, ashlar::expression auto y) const {
        return share * x + (1 - share) * y;
    }
};
}  // namespace

TEST_CASE("an option beside double is a double", "[nn]") {
    Tensor<double, 5> x, y;
    for (int i = 0; i < 5; ++i) x(i) = 3.0 + i, y(i) = -7.0 / (i + 1);
    const Mixes m;
    const auto got = ashlar::eval(ashlar::call(m, x, y));
    for (int i = 0; i < 5; ++i) CHECK(got(i) == Approx(0.1 * x(i) + 0.9 * y(i)).epsilon(1e-15));
    // The kernels of these are of int and of float.
    const double above = static_cast<double>(0.1f);
    const auto counted = ashlar::eval(ashlar::call(Counts{}, Tensor<double, 1, 3>{{above, 0.1, 2}}));
    CHECK(counted(0) == 2);
    const auto scaled = ashlar::eval(ashlar::call(Scales{}, Tensor<float, 1, 3>{{30, 20, 20}}));
    CHECK(scaled(0) == Approx(63.0).epsilon(1e-15));
    static constexpr auto constant = ashlar::eval(ashlar::call(Mixes{}, Tensor<double>{3.0}, Tensor<double>{7.0}));
    CHECK(static_cast<double>(constant) == Approx(0.1 * 3 + 0.9 * 7).epsilon(1e-15));
}
