// SPDX-License-Identifier: BSL-1.0
// Modules with buffers: what a step leaves in them, in which order, and of whom; both forms of a body; frozen layers.
#include "support/catch.hpp"

#include "support/fixture.hpp"

namespace nn = ashlar::nn;
namespace optim = ashlar::optim;
using ashlar::call;
using ashlar::Tensor;

// x * scale, where the mean of all that it has seen in training is taken away in the evaluation form.
template <std::size_t Features> struct CentredOf {
    Tensor<float> scale{2.0f};
    ashlar::buffer<float, Features> mean;
    ashlar::buffer<int> count;
    using members = ashlar::members<&CentredOf::scale, &CentredOf::mean, &CentredOf::count>;

    constexpr auto operator()(ashlar::expression auto x) const {
        ashlar::update(mean, 0.5f * mean + 0.5f * ashlar::mean<0>(x));
        ashlar::update(count, count + 1, x);
        return ashlar::in_training(x * scale, (x - mean) * scale);
    }
};
using Centred = CentredOf<3>;

// Two layers of which one is called twice.
struct Twice {
    Centred a, b;
    using members = ashlar::members<&Twice::a, &Twice::b>;
    constexpr auto operator()(ashlar::expression auto x) const { return a(b(a(x))); }
};

using Rows = Tensor<float, 2, 3>;
static const Rows rows_a{{1, 2, 3}, {3, 6, 9}}, rows_b{{-1, 0, 1}, {1, 4, -5}};
static const Tensor<float, 3> no_mean{0, 0, 0};

TEST_CASE("a step updates the buffers of a user's module, evaluation does not", "[nn]") {
    Centred m;
    const auto loss = sum(call(m, rows_a));
    CHECK(loss == 48);
    CHECK(m.mean == no_mean);
    CHECK(ashlar::eval(sum(ashlar::training(m)(rows_a))) == 48);
    CHECK(m.count == 0);
    optim::SGD sgd{m, {.lr = 0.01}};
    CHECK(sgd.step(loss) == 48);
    CHECK(m.mean == Tensor<float, 3>{1, 2, 3});
    CHECK(m.count == 1);
    CHECK(std::abs(m.scale - (2 - 0.24f)) < 1e-6f);  // the loss was 24 scale
    m.scale = 1;
    const Rows evaluated = call(m, rows_b);
    CHECK(evaluated == Rows{{-2, -2, -2}, {0, 2, -8}});
    const Rows trained = ashlar::training(m)(rows_b);
    CHECK(trained == rows_b);
}

TEST_CASE("backward and value_and_grad update buffers, the long step does not", "[nn]") {
    Centred m;
    optim::SGD sgd{m, {.lr = 0.01}};
    backward(sum(call(m, rows_a)), sgd.gradients());
    CHECK(m.mean == Tensor<float, 3>{1, 2, 3});
    sgd.step();
    CHECK(m.count == 1);
    const auto [loss, gradients] = value_and_grad(sum(call(m, rows_b)), m);
    CHECK(m.mean == Tensor<float, 3>{0.5f, 2, 0.5f});
    CHECK(m.count == 2);
    CHECK(gradients.scale == 0);
    CHECK(gradients.mean == no_mean);
}

TEST_CASE("a layer that is called twice updates its buffers twice, in order", "[nn]") {
    Twice m;
    optim::SGD sgd{m, {.lr = 0}};
    static_cast<void>(sgd.step(sum(call(m, rows_a))));
    CHECK(m.a.count == 2);
    CHECK(m.b.count == 1);
    // a sees rows_a, b twice that, a four times that.
    CHECK(m.a.mean == Tensor<float, 3>{0.5f * 1 + 0.5f * 8, 0.5f * 2 + 0.5f * 16, 0.5f * 3 + 0.5f * 24});
    CHECK(m.b.mean == Tensor<float, 3>{2, 4, 6});
}

TEST_CASE("a model that is called twice in one loss updates its buffers twice, in order", "[nn]") {
    Centred m;
    const auto both = sum(call(m, rows_a)) + sum(call(m, rows_b));
    const auto expect = [&m] {
        CHECK(m.mean == Tensor<float, 3>{0.5f, 2, 0.5f});
        CHECK(m.count == 2);
    };
    SECTION("in a step") {
        optim::SGD sgd{m, {.lr = 0}};
        CHECK(sgd.step(both) == 48);
        expect();
    }
    SECTION("in the gradients") {
        static_cast<void>(value_and_grad(both, m));
        expect();
    }
}

TEST_CASE("another object of the trained type keeps its buffers, and what it makes of them is its own", "[nn]") {
    Centred m, other;
    other.mean = Tensor<float, 3>{7, 7, 7};
    optim::Adam adam{m, {.lr = 0}};
    static_cast<void>(adam.step(sum(call(m, rows_a)) + sum(call(other, rows_a)) + sum(call(m, rows_b))));
    CHECK(m.mean == Tensor<float, 3>{0.5f, 2, 0.5f});
    CHECK(m.count == 2);
    CHECK(other.mean == Tensor<float, 3>{7, 7, 7});
    CHECK(other.count == 0);
}

// A buffer that the output reads: the rows_b call gives what the rows_a has left.
struct Counting {
    Tensor<float> scale{1.0f};
    ashlar::buffer<float> calls;
    using members = ashlar::members<&Counting::scale, &Counting::calls>;
    constexpr auto operator()(ashlar::expression auto x) const {
        ashlar::update(calls, calls + 1.0f, x);
        return x * scale * calls;
    }
};
TEST_CASE("what follows an update reads the new value, also across calls", "[nn]") {
    Counting m;
    const Tensor<float, 1> one{1};
    CHECK(ashlar::eval(sum(call(m, one))) == 0);
    optim::SGD sgd{m, {.lr = 0.5}};
    CHECK(sgd.step(sum(call(m, one)) + 10 * sum(call(m, one))) == 1 + 10 * 2);
    CHECK(m.calls == 2);
    CHECK(m.scale == 1 - 0.5f * 21);
    CHECK(ashlar::eval(sum(ashlar::training(m)(one))) == m.scale * 3);
    CHECK(m.calls == 2);
}

TEST_CASE("no gradient flows through an update", "[nn]") {
    Counting m;
    m.calls = 4;
    const auto x = ashlar::variable<"x">(rows_a);
    const Rows g = grad(sum(ashlar::training(m)(x)), x);
    CHECK(g == Rows::full(5));
}

TEST_CASE("a frozen layer has no gradient, and hands that of its output on", "[nn]") {
    nn::Sequential<nn::Linear<3, 4>, nn::frozen<nn::Linear<4, 4>>, nn::frozen<CentredOf<4>>, nn::Linear<4, 2>> m{
        ashlar::seed(3)};
    const auto before = m;
    const auto x = rows_a;
    optim::SGD sgd{m, {.lr = 0.1, .weight_decay = 0.1}};
    static_cast<void>(sgd.step(sum(call(m, x))));
    CHECK(!(m.get<0>().weight == before.get<0>().weight));
    CHECK(m.get<1>().weight == before.get<1>().weight);
    CHECK(m.get<1>().bias == before.get<1>().bias);
    CHECK(m.get<2>().scale == before.get<2>().scale);
    CHECK(m.get<2>().count == 1);
    CHECK(!(m.get<3>().weight == before.get<3>().weight));
    // The gradient in front of it is that of the same model without the word.
    nn::Sequential<nn::Linear<3, 4>, nn::Linear<4, 4>, CentredOf<4>, nn::Linear<4, 2>> plain;
    plain.get<0>() = before.get<0>(), plain.get<1>() = before.get<1>(), plain.get<2>() = before.get<2>();
    plain.get<3>() = before.get<3>();
    auto again = before;
    const auto frozen = value_and_grad(sum(call(again, x)), again);
    const auto free = value_and_grad(sum(call(plain, x)), plain);
    CHECK(frozen.value == free.value);
    CHECK(frozen.gradients.get<0>().weight == free.gradients.get<0>().weight);
    CHECK(!frozen.gradients.given[2]);
}

// Also where a compiled model has turned the weights.
TEST_CASE("a frozen layer is computed as any other", "[nn]") {
    using Plain = nn::Sequential<nn::Linear<3, 40>, nn::Tanh, nn::Linear<40, 4>>;
    using Frozen = nn::Sequential<nn::frozen<nn::Linear<3, 40>>, nn::Tanh, nn::frozen<nn::Linear<40, 4>>>;
    const Plain plain{ashlar::seed(1)};
    const Frozen frozen{ashlar::seed(1)};
    CHECK(plan(frozen(rows_a)) == plan(plain(rows_a)));
    const auto plain_compiled = ashlar::compile(plain);
    const auto frozen_compiled = ashlar::compile(frozen);
    CHECK(plan(frozen_compiled(rows_a)) == plan(plain_compiled(rows_a)));
    CHECK(ashlar::eval(frozen_compiled(rows_a)) == ashlar::eval(plain_compiled(rows_a)));
}
