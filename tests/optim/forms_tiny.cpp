// SPDX-License-Identifier: BSL-1.0
// labels: slow
// Models of one to four inputs, outputs and rows, and of single numbers, are straight code, where a compiler sees all
// of a step at once. The three forms of a step give the same bits there too: which product is rounded together with a
// sum is the plan's choice, not the compiler's, which goes by what is around them.
#include "support/catch.hpp"
#include "support/forms.hpp"
#include "support/numbers.hpp"

#include <ashlar/ashlar.hpp>

#include <utility>

namespace nn = ashlar::nn;
namespace optim = ashlar::optim;
using ashlar::Tensor;
using support::Numbers;

namespace {

/// The parameter's gradient is an element-wise value, which the sum of its elements reads as well.
struct Shifted {
    Tensor<float, 3, 7> scale, shift;
    Tensor<float> all;
    using members = ashlar::members<&Shifted::scale, &Shifted::shift, &Shifted::all>;
    constexpr auto operator()(ashlar::expression auto x) const { return x * scale + shift + all; }
};

/// How often a loss or a weight of the second or third form was not that of the first.
template <class M, class X, class Y, class MakeOptimizer> int differences(MakeOptimizer make) {
    constexpr nn::MSELoss criterion;
    ashlar::generator random{ashlar::seed(7)};
    int found = 0;
    constexpr int draws = ashlar::kernels::unrolls ? 100 : 5;
    for (int draw = 0; draw < draws; ++draw) {
        X x;
        Y y;
        M a{};
        fill_uniform(x, random, 1.0f);
        fill_uniform(y, random, 1.0f);
        ashlar::for_each_parameter(a, [&](auto& p) { fill_uniform(p, random, 1.0f); });
        M b = a, c = a;
        auto fused = make(a), buffered = make(b), functional = make(c);
        for (int step = 0; step < 3; ++step) {
            const float value = fused.step(criterion(ashlar::call(a, x), y));
            buffered.zero_grad();
            const float same = ashlar::backward(criterion(ashlar::call(b, x), y), buffered.gradients());
            buffered.step();
            const auto [again, gradients] = ashlar::value_and_grad(criterion(ashlar::call(c, x), y), c);
            functional.gradients() = gradients;
            functional.step();
            found += std::memcmp(&value, &same, sizeof value) != 0 || std::memcmp(&value, &again, sizeof value) != 0;
            found += !support::same_bits(a, b) || !support::same_bits(a, c);
        }
    }
    return found;
}

template <int Rule, class M> auto optimizer(M& m) {
    if constexpr (Rule == 0) return optim::SGD{m, {.lr = 0.1f}};
    else if constexpr (Rule == 1) return optim::SGD{m, {.lr = 0.1, .momentum = 0.9, .weight_decay = 0.01}};
    else return optim::Adam{m, {.lr = 0.01, .weight_decay = 0.01}};
}
template <int Rule, class M, class X, class Y> int differences() {
    return differences<M, X, Y>([](M& m) { return optimizer<Rule>(m); });
}

/// Each of 1 to 4 inputs with each of 1 to 4 outputs; the rows and the rule change from one to the next.
template <std::size_t... I> void check_layers(std::index_sequence<I...>) {
    const auto check = []<std::size_t In, std::size_t Out, std::size_t Rows>(std::index_sequence<In, Out, Rows>) {
        INFO("Linear<" << In << ", " << Out << "> on " << Rows << " rows");
        CHECK(differences<(In + Out + Rows) % 3, nn::Linear<In, Out>, Tensor<float, Rows, In>,
                          Tensor<float, Rows, Out>>() == 0);
    };
    (check(std::index_sequence<I / 4 + 1, I % 4 + 1, (I / 4 + 2 * (I % 4)) % 4 + 1>{}), ...);
}

}  // namespace

TEST_CASE("layers of one to four inputs, outputs and rows", "[optim][bits]") {
    constexpr std::size_t layers = ashlar::kernels::unrolls ? 16 : 4;  // without optimisation little can differ
    check_layers(std::make_index_sequence<layers>{});
}

TEST_CASE("two small layers", "[optim][bits]") {
    using Model = nn::Sequential<nn::Linear<2, 3>, nn::Tanh, nn::Linear<3, 1>>;
    CHECK(differences<1, Model, Tensor<float, 4, 2>, Tensor<float, 4, 1>>() == 0);
    CHECK(differences<2, Model, Tensor<float, 4, 2>, Tensor<float, 4, 1>>() == 0);
}

TEST_CASE("parameters that are numbers", "[optim][bits]") {
    CHECK(differences<0, Numbers, Tensor<float, 4>, Tensor<float, 4>>() == 0);
    CHECK(differences<1, Numbers, Tensor<float, 4>, Tensor<float, 4>>() == 0);
    CHECK(differences<2, Numbers, Tensor<float, 3>, Tensor<float, 3>>() == 0);
}

TEST_CASE("a gradient that others read", "[optim][bits]") {
    CHECK(differences<0, Shifted, Tensor<float, 3, 7>, Tensor<float, 3, 7>>() == 0);
    CHECK(differences<1, Shifted, Tensor<float, 3, 7>, Tensor<float, 3, 7>>() == 0);
}
