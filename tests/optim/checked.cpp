// SPDX-License-Identifier: BSL-1.0
// labels: slow
// optim::checked: where nan or an infinity arose is named, and nothing is changed then.
#include "support/catch.hpp"

#include "support/forms.hpp"

#include <ashlar/optim/checked.hpp>
#include <ashlar/train.hpp>

#include <array>
#include <cmath>
#include <limits>
#include <memory>
#include <string>

namespace nn = ashlar::nn;
namespace optim = ashlar::optim;
using ashlar::Tensor;

namespace {

// The logarithm of what the first layer gives: nan below 0, -inf at 0.
struct Log {
    constexpr auto forward(ashlar::expression auto x) const { return log(x); }
    template <ashlar::operand X> constexpr auto operator()(X&& x) const {
        return ashlar::call(*this, std::forward<X>(x));
    }
    static constexpr void members(auto&, auto&&) {}
};
// Finite at 0, its derivative is not.
struct Root {
    nn::Linear<2, 2> inner;
    constexpr auto operator()(ashlar::expression auto x) const { return sqrt(abs(inner(x))); }
    using members = ashlar::members<&Root::inner>;
};
struct Deep {
    nn::Linear<2, 2> first;
    nn::Sequential<nn::Linear<2, 2>, Log, nn::Linear<2, 2>> inside;
    constexpr auto operator()(ashlar::expression auto x) const { return inside(first(x)); }
    using members = ashlar::members<&Deep::first, &Deep::inside>;
};

using Model = nn::Sequential<nn::Linear<2, 2>, nn::ReLU, Log, nn::Linear<2, 2>>;
const Tensor<float, 1, 2> x{{1, 2}}, y{{0, 1}};
const Tensor<float, 2, 2> positive{{1, 1}, {1, 1}}, negative{{-1, -1}, {1, 1}};

template <class Step> std::string message_of(Step step) {
    try {
        step();
    } catch (const optim::not_finite& e) {
        return e.what();
    }
    return "";
}

}  // namespace

TEST_CASE("checked: the steps of the optimizer itself, as long as all is finite", "[optim]") {
    Model a{ashlar::seed(1)}, b{ashlar::seed(1)};
    a.get<0>().weight = b.get<0>().weight = positive;
    optim::Adam plain{a, {.lr = 1e-2}}, inner{b, {.lr = 1e-2}};
    optim::checked careful(inner);
    for (int i = 0; i < 5; ++i)
        CHECK(plain.step(nn::MSELoss{}(a(x), y)) == careful.step(nn::MSELoss{}(b(x), y)));
    CHECK(support::same_bits(a, b));
    CHECK(careful.steps() == 5);
}

TEST_CASE("checked: a layer's output, by its path and type", "[optim]") {
    Model model{ashlar::seed(1)};
    model.get<0>().weight = positive;
    optim::Adam adam{model, {.lr = 1e-2}};
    optim::checked careful(adam);
    const auto step = [&] { careful.step(nn::MSELoss{}(model(x), y)); };
    step();
    model.get<0>().weight = negative;  // ReLU gives a 0
    const auto before = model;
    CHECK(message_of(step) == "step 2: the output of 2, Log is not finite");
    CHECK(support::same_bits(model, before));
    model.get<0>().weight = positive;
    CHECK(message_of(step) == "");  // the momentum is not harmed
    CHECK(careful.steps() == 2);
    try {
        model.get<0>().weight = negative;
        step();
    } catch (const optim::not_finite& e) {
        CHECK(e.step() == 3);
    }

    Deep deep{};
    ashlar::initialize(deep, ashlar::seed(2));
    deep.inside.get<0>().weight = negative;
    deep.first.weight = positive;
    optim::SGD sgd{deep, {.lr = 0.1}};
    optim::checked inside(sgd);
    CHECK(message_of([&] { inside.step(nn::MSELoss{}(ashlar::call(deep, x), y)); }) ==
          "step 1: the output of inside.1, Log is not finite");
}

TEST_CASE("checked: data, parameters, the loss", "[optim]") {
    nn::Sequential<nn::Linear<2, 2>, nn::Tanh> model{ashlar::seed(1)};
    optim::SGD sgd{model, {.lr = 0.1}};
    optim::checked careful(sgd);
    auto broken = x;
    broken(0, 1) = std::numeric_limits<float>::quiet_NaN();
    const std::string data = "step 1: an input or target of the loss is not finite";
    CHECK(message_of([&] { careful.step(nn::MSELoss{}(model(broken), y)); }) == data);
    CHECK(message_of([&] { careful.step(nn::MSELoss{}(model(x), broken)); }) == data);
    CHECK(message_of([&] { careful.step(mean(log(model(x) - 5.0f))); }) == "step 1: the loss is not finite");
    model.get<0>().bias(1) = std::numeric_limits<float>::infinity();
    CHECK(message_of([&] { careful.step(nn::MSELoss{}(model(x), y)); }) ==
          "step 1: the parameter 0.bias is not finite");
}

TEST_CASE("checked: a gradient, from the loss backwards, and an update", "[optim]") {
    nn::Sequential<nn::Linear<2, 2>, Root> model{ashlar::seed(1)};
    model.get<1>().inner.weight = Tensor<float, 2, 2>{{0, 0}, {1, 1}};
    model.get<1>().inner.bias = Tensor<float, 2>{0, 1};
    optim::SGD sgd{model, {.lr = 0.1, .momentum = 0.9}};
    optim::checked careful(sgd);
    const auto before = model;
    const std::string found = message_of([&] { careful.step(nn::MSELoss{}(model(x), y + 1.0f)); });
    CHECK(found.find("step 1: the gradient of 1.inner.") == 0);
    CHECK(support::same_bits(model, before));

    nn::Linear<2, 2> small{ashlar::seed(1)};
    optim::SGD wild{small, {.lr = 3e38}};
    optim::checked watched(wild);
    const auto same = small;
    const std::string update = message_of([&] { watched.step(nn::MSELoss{}(small(x) * 100.0f, y)); });
    CHECK(update == "step 1: the update of weight is not finite");
    CHECK(support::same_bits(small, same));
}

TEST_CASE("checked: with statistics and dropout, the same run; inside fit", "[optim]") {
    using Noisy = nn::Sequential<nn::Linear<2, 8>, nn::BatchNorm1d<8>, nn::ReLU, nn::Dropout, nn::Linear<8, 2>>;
    ashlar::data_set<float, ashlar::Shape<2>> data;
    for (int i = 0; i < 20; ++i) {
        const float at = static_cast<float>(i) / 10 - 1;
        data.add(std::array{at, at * at}, i % 2);
    }
    Noisy a{ashlar::seed(1)}, b{ashlar::seed(1)};
    optim::Adam plain{a}, inner{b};
    const auto one = ashlar::fit<10>(a, nn::CrossEntropyLoss{}, plain, data, {.epochs = 3});
    const auto two = ashlar::fit<10>(b, nn::CrossEntropyLoss{}, optim::checked(inner), data, {.epochs = 3});
    CHECK(one.losses == two.losses);
    CHECK(support::same_bits(a, b));
    CHECK(a.get<1>().running_mean == b.get<1>().running_mean);

    b.get<4>().weight(0, 0) = std::numeric_limits<float>::quiet_NaN();
    CHECK_THROWS_AS((ashlar::fit<10>(b, nn::CrossEntropyLoss{}, optim::checked(inner), data, {.epochs = 3})),
                    optim::not_finite);
}

TEST_CASE("checked: a model that is larger than the stack", "[optim]") {
    using Large = nn::Linear<1024, 1024>;  // 4 MB, and 16 MB for Adam
    const auto model = std::make_unique<Large>(ashlar::seed(1));
    const auto adam = std::make_unique<optim::Adam<Large>>(*model);
    optim::checked careful(*adam);
    CHECK(careful.steps() == 0);
}
