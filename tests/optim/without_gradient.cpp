// SPDX-License-Identifier: BSL-1.0
// labels: slow
// A parameter that the loss does not depend on, or only behind stop_gradient, has no gradient: as in PyTorch neither
// weight decay nor momentum moves it, in all three forms of a step.
#include "support/catch.hpp"

#include "support/compare.hpp"
#include "support/forms.hpp"

namespace nn = ashlar::nn;
namespace optim = ashlar::optim;
using ashlar::Tensor;

namespace {

struct Partly {
    nn::Linear<3, 3> unused;
    nn::Linear<3, 3> behind;
    nn::Tanh act;
    nn::Linear<3, 2> used;
    Tensor<float, 2> rounded;
    using members =
        ashlar::members<&Partly::unused, &Partly::behind, &Partly::act, &Partly::used, &Partly::rounded>;
    constexpr auto operator()(ashlar::expression auto x) const {
        return used(x + stop_gradient(act(behind(x)))) + floor(rounded);
    }
};

constexpr Partly drawn(std::uint64_t seed = 5) {
    Partly m{};
    ashlar::initialize(m, ashlar::seed(seed));
    m.rounded = Tensor<float, 2>{1.5f, -2.25f};
    return m;
}
struct Small {
    nn::Linear<3, 3, nn::no_bias> unused, behind;
    nn::Linear<3, 2, nn::no_bias> used;
    using members = ashlar::members<&Small::unused, &Small::behind, &Small::used>;
    constexpr auto operator()(ashlar::expression auto x) const { return used(x + stop_gradient(behind(x))); }
};
Small small_and_drawn() {
    Small m{};
    ashlar::initialize(m, ashlar::seed(6));
    return m;
}

const Tensor<float, 4, 3> x{{1, 2, 3}, {0, -1, 2}, {2, 2, -2}, {0.5f, 1, 0}};
const Tensor<float, 4, 2> y{{1, 0}, {0, 1}, {0.5f, 0.5f}, {-1, 1}};

auto loss(const auto& m) { return nn::MSELoss{}(ashlar::call(m, x), y); }

bool same(const nn::Linear<3, 3>& a, const nn::Linear<3, 3>& b) { return a.weight == b.weight && a.bias == b.bias; }

template <class M, class Make> void three_forms(const M& before, Make make) {
    M a = before, b = before, c = before;
    auto fused = make(a), buffered = make(b), functional = make(c);
    for (int i = 0; i < 4; ++i) {
        fused.step(loss(a));
        buffered.zero_grad();
        ashlar::backward(loss(b), buffered.gradients());
        buffered.step();
        functional.gradients() = ashlar::value_and_grad(loss(c), c).gradients;
        functional.step();
        CHECK(support::same_bits(a, b));
        CHECK(support::same_bits(a, c));
    }
    CHECK(a.unused.weight == before.unused.weight);
    CHECK(a.behind.weight == before.behind.weight);
    CHECK_FALSE(a.used.weight == before.used.weight);
    if constexpr (requires { a.rounded; })
        CHECK_FALSE(a.rounded == before.rounded);  // a gradient of 0 is a gradient: floor's
}

}  // namespace

TEST_CASE("no gradient, no step", "[optim]") {
    three_forms(drawn(), [](Partly& m) {
        return optim::SGD{m, {.lr = 0.1, .momentum = 0.9, .weight_decay = 0.5, .nesterov = true}};
    });
    three_forms(small_and_drawn(), [](Small& m) { return optim::Adam{m, {.lr = 0.1, .eps = 0, .weight_decay = 0.5}}; });
    Partly m = drawn();
    optim::SGD sgd{m, {.lr = 0.1, .momentum = 0, .weight_decay = 0.5}};
    for (int i = 0; i < 4; ++i) sgd.step(loss(m));
    CHECK(support::close(static_cast<double>(m.rounded(0)), 1.5 * std::pow(0.95, 4), 1e-6));
    CHECK(same(m.behind, drawn().behind));
}

TEST_CASE("which gradients there are is known", "[optim]") {
    Partly m = drawn();
    const auto gradients = ashlar::value_and_grad(loss(m), m).gradients;
    const bool expected[] = {false, false, false, false, true, true, true};
    int at = 0;
    ashlar::for_each_parameter(gradients, [&](const char*, const auto& g) {
        CHECK(gradients.given[at] == expected[at]);
        if (!gradients.given[at++]) CHECK(g == std::remove_cvref_t<decltype(g)>::zeros());
    });
    CHECK(at == 7);
}

TEST_CASE("gradients from two losses, and written by hand", "[optim]") {
    Partly m = drawn();
    const Partly before = drawn();
    optim::SGD sgd{m, {.lr = 0.5, .momentum = 0.5, .weight_decay = 0.1}};
    ashlar::backward(loss(m), sgd.gradients());
    sgd.gradients().behind.bias(1) = 2;
    sgd.step();
    CHECK(same(m.unused, before.unused));
    CHECK(m.behind.weight == before.behind.weight);
    for (std::size_t i = 0; i < 3; ++i)
        CHECK(support::close(static_cast<double>(m.behind.bias(i)),
                             static_cast<double>(before.behind.bias(i)) * 0.95 - (i == 1 ? 1 : 0), 1e-6));
    // Nothing is left of what had no gradient in the buffer, and zero_grad forgets what had one.
    CHECK(sgd.gradients().unused.weight == Tensor<float, 3, 3>::zeros());
    const Partly here = m;
    sgd.zero_grad();
    sgd.step();
    CHECK(support::same_bits(m, here));
}

TEST_CASE("a model that is called beside its twin", "[optim]") {
    // The optimizer's own model behind stop_gradient, then the other one: which call is whose is known at run time
    // only.
    const auto stopped_second = [](const Partly& a, const Partly& b) {
        return nn::MSELoss{}(ashlar::call(a, x), stop_gradient(ashlar::call(b, x)));
    };
    const auto check = [&](auto make) {
        Partly m = drawn(), b = drawn();
        const Partly twin = drawn(9), before = drawn();
        auto fused = make(m), buffered = make(b);
        for (int i = 0; i < 3; ++i) fused.step(stopped_second(twin, m));
        CHECK(support::same_bits(m, before));
        for (int i = 0; i < 3; ++i) {
            fused.step(stopped_second(m, twin));
            buffered.zero_grad();
            ashlar::backward(stopped_second(b, twin), buffered.gradients());
            buffered.step();
        }
        CHECK(same(m.behind, before.behind));
        CHECK(same(b.behind, before.behind));
        CHECK_FALSE(m.used.weight == before.used.weight);
        buffered.zero_grad();
        const Partly here = b;
        ashlar::backward(stopped_second(twin, b), buffered.gradients());
        buffered.step();
        CHECK(support::same_bits(b, here));
    };
    check([](Partly& m) { return optim::SGD{m, {.lr = 0.1, .momentum = 0.9, .weight_decay = 0.5}}; });
}

TEST_CASE("in constant evaluation", "[optim]") {
    constexpr Partly after = [] {
        Partly m = drawn();
        const Tensor<float, 1, 3> in{{1, 2, 3}};
        optim::SGD sgd{m, {.lr = 0.1, .momentum = 0.9, .weight_decay = 0.5}};
        sgd.step(sum(square(ashlar::call(m, in))));
        ashlar::backward(sum(square(ashlar::call(m, in))), sgd.gradients());
        sgd.step();
        return m;
    }();
    static_assert(after.unused.weight == drawn().unused.weight && after.behind.bias == drawn().behind.bias);
    static_assert(!(after.used.weight == drawn().used.weight));
}
