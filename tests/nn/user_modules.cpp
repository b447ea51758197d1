// SPDX-License-Identifier: BSL-1.0
// A user's own modules, adapted in both ways: skip connections, tensors and options of their own, modules in modules.
#include "support/catch.hpp"

#include "support/fixture.hpp"

#include <algorithm>
#include <cmath>
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

namespace {
template <class F> struct With {
    ashlar::option p = 0.1, q = 0.3;
    using members = ashlar::members<&With::p, &With::q>;
    constexpr auto operator()(ashlar::expression auto y) const { return F{}(y, p, q); }
};
// Whether f(y, p, q) of double, in a module whose options p and q are, is what `expected` gives for each number.
template <class F> constexpr bool is_exact(F, double (*expected)(double)) {
    Tensor<double, 7> y;
    for (int i = 0; i < 7; ++i) y(i) = 1.7 * i - 3;
    const auto got = ashlar::eval(ashlar::call(With<F>{}, y));
    for (int i = 0; i < 7; ++i) {
        const double error = static_cast<double>(got(i)) - expected(y(i)), size = expected(y(i));
        if (error * error > 1e-29 * size * size) return false;
    }
    return true;
}
}  // namespace

TEST_CASE("what is computed of options is a double beside double", "[nn]") {
    namespace a = ashlar;
    CHECK(is_exact([](auto y, auto& p, auto&) { return y * a::exp(p); }, [](double y) { return y * std::exp(0.1); }));
    CHECK(is_exact([](auto y, auto& p, auto&) { return a::tanh(p) + y; }, [](double y) { return y + std::tanh(0.1); }));
    CHECK(is_exact([](auto y, auto& p, auto& q) { return y / (a::sin(p) * a::log(q)); },
                   [](double y) { return y / (std::sin(0.1) * std::log(0.3)); }));
    CHECK(is_exact([](auto y, auto& p, auto& q) { return a::sum<0, a::keepdim>(y) * a::pow(p, q) + 0 * y; },
                   [](double) { return 14.7 * std::pow(0.1, 0.3); }));
    CHECK(is_exact([](auto y, auto& p, auto& q) { return a::maximum(y, a::sigmoid(p) - q / 3); },
                   [](double y) { return std::max(y, 1 / (1 + std::exp(-0.1)) - 0.3 / 3); }));
    CHECK(is_exact([](auto y, auto& p, auto& q) { return a::where(y > a::sqrt(p), a::square(q), y); },
                   [](double y) { return y > std::sqrt(0.1) ? 0.3 * 0.3 : y; }));
    // Above float(0.1) and float(exp(0.1)), below the doubles.
    const Tensor<float, 3> x{0.1f, 0.2f, 1.1051709f};
    const auto above = [](auto y, auto& p, auto&) { return a::to<double>(y) > p; };
    CHECK(ashlar::eval(ashlar::call(With<decltype(above)>{}, x)) ==
          Tensor<bool, 3>{static_cast<double>(0.1f) > 0.1, true, true});
    CHECK(is_exact([](auto y, auto& p, auto&) { return y * a::where(a::exp(p) > 1.10517091807, 2, 3); },
                   [](double y) { return y * 2; }));
    static constexpr auto constant = ashlar::eval(
        ashlar::call(With<decltype([](auto y, auto& p, auto&) { return y * a::exp(p); })>{}, Tensor<double>{3.0}));
    CHECK(static_cast<double>(constant) == Approx(3 * std::exp(0.1)).epsilon(1e-15));
}

// As in PyTorch: torch.where(y > 0, 1.0, p) is float32, as no tensor beside the numbers is of another type.
TEST_CASE("an option beside truth values is a float", "[nn]") {
    const auto choose = [](auto y, auto& p, auto&) { return ashlar::where(y > 0, 1.0, p) * y; };
    CHECK(is_exact(choose, [](double y) { return y > 0 ? y : static_cast<double>(0.1f) * y; }));
    const Tensor<double, 3> y{1, -2, 3};
    CHECK(ashlar::eval(ashlar::where(y > 0, 1.0, 0.1) * y)(1) == -2 * static_cast<double>(0.1f));
    CHECK(is_exact([](auto v, auto& p, auto&) { return ashlar::where(v > 0, v, p); },
                   [](double v) { return v > 0 ? v : 0.1; }));
}

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
