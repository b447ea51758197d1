// SPDX-License-Identifier: BSL-1.0
// labels: slow
// Five steps of every optimizer on a model of double beside PyTorch in double: rates, moments and transforms lose
// nothing to float, in both forms of a step.
#include "support/catch.hpp"

#include "support/trained_layers.hpp"

#include <ashlar/optim/adadelta.hpp>
#include <ashlar/optim/adagrad.hpp>
#include <ashlar/optim/adamax.hpp>
#include <ashlar/optim/adamw.hpp>
#include <ashlar/optim/clip.hpp>
#include <ashlar/optim/nadam.hpp>
#include <ashlar/optim/radam.hpp>
#include <ashlar/optim/rmsprop.hpp>
#include <ashlar/optim/rprop.hpp>
#include <ashlar/optim/transform.hpp>

namespace f = fixtures::trained_layers::optimizers;
namespace nn = ashlar::nn;
namespace optim = ashlar::optim;
using ashlar::Tensor;

namespace {

using layer = nn::Linear<3, 2, nn::real<double>>;

struct problem {
    layer model;
    Tensor<double, 4, 3> x;
    Tensor<double, 4, 2> y;

    problem() {
        support::set_parameters(model, f::parameters);
        support::reader{f::input}(x), support::reader{f::target}(y);
    }
    auto loss() const { return nn::MSELoss{}(model(x), y); }
};

template <class Make> void five_steps(const char* name, Make make, const double* after) {
    INFO(name);
    problem fused, buffered;
    auto optimizer = make(fused.model);
    auto long_form = make(buffered.model);
    for (int i = 0; i < 5; ++i) {
        optimizer.step(fused.loss());
        long_form.zero_grad();
        ashlar::backward(buffered.loss(), long_form.gradients());
        long_form.step();
    }
    support::parameters_agree(fused.model, after, 1e-12);
    support::parameters_agree(buffered.model, after, 1e-12);
}

}  // namespace

TEST_CASE("SGD in double", "[optim]") {
    const auto make = [](layer& m) {
        return optim::SGD{m, {.lr = 0.1, .momentum = 0.9, .weight_decay = 0.01, .nesterov = true}};
    };
    five_steps("SGD", make, f::sgd::after);
}

TEST_CASE("the Adam family in double", "[optim]") {
    five_steps("Adam", [](layer& m) { return optim::Adam{m, {.lr = 0.03, .weight_decay = 0.1}}; }, f::adam::after);
    five_steps("Adam", [](layer& m) { return optim::Adam{m, {.lr = 0.1, .betas = {0.8, 0.6}, .amsgrad = true}}; },
               f::amsgrad::after);
    five_steps("AdamW", [](layer& m) { return optim::AdamW{m, {.lr = 0.03}}; }, f::adamw::after);
    five_steps("NAdam", [](layer& m) { return optim::NAdam{m, {.lr = 0.03}}; }, f::nadam::after);
    five_steps("RAdam", [](layer& m) { return optim::RAdam{m, {.lr = 0.03, .betas = {0.7, 0.9}}}; }, f::radam::after);
    five_steps("Adamax", [](layer& m) { return optim::Adamax{m, {.lr = 0.03}}; }, f::adamax::after);
}

TEST_CASE("other optimizers in double", "[optim]") {
    five_steps("RMSprop", [](layer& m) { return optim::RMSprop{m, {.lr = 0.01, .momentum = 0.5, .centered = true}}; },
               f::rmsprop::after);
    five_steps("Adagrad", [](layer& m) { return optim::Adagrad{m, {.lr = 0.1, .lr_decay = 0.1}}; }, f::adagrad::after);
    five_steps("Adadelta", [](layer& m) { return optim::Adadelta{m, {.lr = 1}}; }, f::adadelta::after);
    five_steps("Rprop", [](layer& m) { return optim::Rprop{m, {.lr = 0.02}}; }, f::rprop::after);
}

TEST_CASE("a clipped norm in double", "[optim]") {
    five_steps("clipped", [](layer& m) { return optim::Adam{m, {.lr = 0.03}, optim::clip_grad_norm(0.5)}; },
               f::clipped::after);
    problem p;
    optim::Adam adam{p.model};
    ashlar::backward(p.loss(), adam.gradients());
    static_assert(std::same_as<decltype(optim::clip_grad_norm(adam.gradients(), 0.5)), double>);
}

TEST_CASE("averages, groups and values in double", "[optim]") {
    problem p, q;
    optim::SGD averaging{p.model, {.lr = 0.1}, optim::moving_average(0.9)};
    optim::SGD grouped{q.model, {.lr = 0.1}, optim::group<"bias">({.lr = 0.03}), optim::clip_grad_value(0.3)};
    Tensor<double, 2> average{};
    for (int i = 0; i < 5; ++i) {
        averaging.step(p.loss());
        const double decay = i == 0 ? 0 : 0.9;
        average = Tensor<double, 2>{average * decay + p.model.bias * (1 - decay)};
        const auto gradient = ashlar::value_and_grad(q.loss(), q.model).gradients.bias;
        const Tensor<double, 2> expected = q.model.bias - 0.03 * clamp(gradient, -0.3, 0.3);
        grouped.step(q.loss());
        CHECK(support::first_difference(q.model.bias, expected, 1e-15) == -1);
    }
    CHECK(support::first_difference(averaging.averaged().bias, average, 1e-15) == -1);
}
