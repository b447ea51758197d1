// SPDX-License-Identifier: BSL-1.0
// labels: slow
// Twenty steps of the other optimizers from the same weights beside PyTorch (Lion: its paper), in both forms of a
// step bit for bit the same, and with `maximize` of the negative loss.
#include "support/catch.hpp"

#include "fixtures/optimizers.hpp"
#include "support/forms.hpp"
#include "support/training.hpp"

#include <ashlar/optim/adadelta.hpp>
#include <ashlar/optim/adagrad.hpp>
#include <ashlar/optim/lion.hpp>
#include <ashlar/optim/rmsprop.hpp>
#include <ashlar/optim/rprop.hpp>

namespace f = fixtures::optimizers;
namespace optim = ashlar::optim;

namespace {

// The fused step beside PyTorch and the long form; and what maximizes, with the gradients of the negative loss.
template <class Problem, class Make, std::size_t A, std::size_t B, std::size_t C, std::size_t D>
void twenty_steps(Make make, const float (&last)[1], const float (&weight0)[A], const float (&bias0)[B],
                  const float (&weight2)[C], const float (&bias2)[D]) {
    Problem fused, buffered, upwards;
    auto optimizer = make(fused.model), long_form = make(buffered.model), climbing = make(upwards.model);
    climbing.options.maximize = true;
    for (int i = 0; i < 20; ++i) {
        optimizer.step(fused.loss());
        long_form.zero_grad();
        ashlar::backward(buffered.loss(), long_form.gradients());
        long_form.step();
        CHECK(support::same_bits(fused.model, buffered.model));
        climbing.zero_grad();
        ashlar::backward(upwards.loss(), climbing.gradients());
        ashlar::for_each_parameter(climbing.gradients(), [](auto& gradient) {
            for (float& element : gradient) element = -element;
        });
        climbing.step();
        CHECK(support::same_bits(fused.model, upwards.model));
    }
    const float end = fused.loss();
    CHECK(support::close(static_cast<double>(end), static_cast<double>(last[0]), 1e-5));
    support::weights_agree(fused.model, weight0, bias0, weight2, bias2);
}

}  // namespace

TEST_CASE("RMSprop", "[optim]") {
    using namespace f::rmsprop;
    const auto make = [](auto& m) { return optim::RMSprop{m, {.lr = 1e-3}}; };
    twenty_steps<support::regression>(make, final_loss, final_weight0, final_bias0, final_weight2, final_bias2);
}

TEST_CASE("RMSprop with momentum", "[optim]") {
    using namespace f::rmsprop_momentum;
    const auto make = [](auto& m) {
        return optim::RMSprop{m, {.lr = 1e-3, .alpha = 0.9, .weight_decay = 0.1, .momentum = 0.8}};
    };
    twenty_steps<support::classification>(make, final_loss, final_weight0, final_bias0, final_weight2, final_bias2);
}

TEST_CASE("centered RMSprop", "[optim]") {
    using namespace f::rmsprop_centered;
    const auto make = [](auto& m) { return optim::RMSprop{m, {.lr = 1e-3, .centered = true}}; };
    twenty_steps<support::regression>(make, final_loss, final_weight0, final_bias0, final_weight2, final_bias2);
}

TEST_CASE("RMSprop with everything", "[optim]") {
    using namespace f::rmsprop_everything;
    const auto make = [](auto& m) {
        return optim::RMSprop{m,
            {.lr = 1e-3, .alpha = 0.95, .weight_decay = 0.01, .momentum = 0.5, .centered = true}};
    };
    twenty_steps<support::regression>(make, final_loss, final_weight0, final_bias0, final_weight2, final_bias2);
}

TEST_CASE("Adagrad", "[optim]") {
    using namespace f::adagrad;
    const auto make = [](auto& m) { return optim::Adagrad{m, {.lr = 2e-2}}; };
    twenty_steps<support::classification>(make, final_loss, final_weight0, final_bias0, final_weight2, final_bias2);
}

TEST_CASE("Adagrad with options", "[optim]") {
    using namespace f::adagrad_options;
    const auto make = [](auto& m) {
        return optim::Adagrad{m,
            {.lr = 5e-2, .lr_decay = 0.1, .weight_decay = 0.1, .initial_accumulator_value = 0.1}};
    };
    twenty_steps<support::classification>(make, final_loss, final_weight0, final_bias0, final_weight2, final_bias2);
}

TEST_CASE("Adadelta", "[optim]") {
    using namespace f::adadelta;
    const auto make = [](auto& m) { return optim::Adadelta{m}; };
    twenty_steps<support::regression>(make, final_loss, final_weight0, final_bias0, final_weight2, final_bias2);
}

TEST_CASE("Adadelta with options", "[optim]") {
    using namespace f::adadelta_options;
    const auto make = [](auto& m) {
        return optim::Adadelta{m, {.lr = 3, .rho = 0.8, .eps = 1e-5, .weight_decay = 0.1}};
    };
    twenty_steps<support::regression>(make, final_loss, final_weight0, final_bias0, final_weight2, final_bias2);
}

TEST_CASE("Rprop", "[optim]") {
    using namespace f::rprop;
    const auto make = [](auto& m) { return optim::Rprop{m, {.lr = 1e-3}}; };
    twenty_steps<support::classification>(make, final_loss, final_weight0, final_bias0, final_weight2, final_bias2);
}

TEST_CASE("Rprop with options", "[optim]") {
    using namespace f::rprop_options;
    const auto make = [](auto& m) {
        return optim::Rprop{m, {.lr = 1e-2, .etas = {0.4, 1.3}, .step_sizes = {1e-3, 0.02}}};
    };
    twenty_steps<support::classification>(make, final_loss, final_weight0, final_bias0, final_weight2, final_bias2);
}

TEST_CASE("Lion", "[optim]") {
    using namespace f::lion;
    const auto make = [](auto& m) { return optim::Lion{m, {.lr = 1e-3}}; };
    twenty_steps<support::regression>(make, final_loss, final_weight0, final_bias0, final_weight2, final_bias2);
}

TEST_CASE("Lion with options", "[optim]") {
    using namespace f::lion_options;
    const auto make = [](auto& m) { return optim::Lion{m, {.lr = 3e-3, .betas = {0.8, 0.95}, .weight_decay = 0.5}}; };
    twenty_steps<support::regression>(make, final_loss, final_weight0, final_bias0, final_weight2, final_bias2);
}
