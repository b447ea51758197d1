// SPDX-License-Identifier: BSL-1.0
// labels: slow
// Twenty steps of the Adam family from the same weights beside PyTorch (Lion: its paper), in both forms of a
// step bit for bit the same, and with `maximize` of the negative loss.
#include "support/catch.hpp"

#include "fixtures/optimizers.hpp"
#include "support/forms.hpp"
#include "support/training.hpp"

#include <ashlar/optim/adamax.hpp>
#include <ashlar/optim/adamw.hpp>
#include <ashlar/optim/nadam.hpp>
#include <ashlar/optim/radam.hpp>

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

TEST_CASE("AMSGrad", "[optim]") {
    using namespace f::adam_amsgrad;
    const auto make = [](auto& m) { return optim::Adam{m, {.lr = 0.1, .betas = {0.8, 0.6}, .amsgrad = true}}; };
    twenty_steps<support::classification>(make, final_loss, final_weight0, final_bias0, final_weight2, final_bias2);
}

TEST_CASE("AdamW", "[optim]") {
    using namespace f::adamw;
    const auto make = [](auto& m) { return optim::AdamW{m, {.lr = 1e-2}}; };
    twenty_steps<support::regression>(make, final_loss, final_weight0, final_bias0, final_weight2, final_bias2);
}

TEST_CASE("AdamW with AMSGrad", "[optim]") {
    using namespace f::adamw_amsgrad;
    const auto make = [](auto& m) {
        return optim::AdamW{m, {.lr = 0.1, .betas = {0.8, 0.6}, .weight_decay = 0.1, .amsgrad = true}};
    };
    twenty_steps<support::classification>(make, final_loss, final_weight0, final_bias0, final_weight2, final_bias2);
}

TEST_CASE("NAdam", "[optim]") {
    using namespace f::nadam;
    const auto make = [](auto& m) { return optim::NAdam{m, {.lr = 1e-2}}; };
    twenty_steps<support::classification>(make, final_loss, final_weight0, final_bias0, final_weight2, final_bias2);
}

TEST_CASE("NAdam with options", "[optim]") {
    using namespace f::nadam_options;
    const auto make = [](auto& m) {
        return optim::NAdam{m, {.lr = 1e-2, .betas = {0.8, 0.95}, .weight_decay = 0.1, .momentum_decay = 0.5}};
    };
    twenty_steps<support::classification>(make, final_loss, final_weight0, final_bias0, final_weight2, final_bias2);
}

TEST_CASE("RAdam", "[optim]") {
    using namespace f::radam;
    const auto make = [](auto& m) { return optim::RAdam{m, {.lr = 1e-2}}; };
    twenty_steps<support::regression>(make, final_loss, final_weight0, final_bias0, final_weight2, final_bias2);
}

TEST_CASE("RAdam with options", "[optim]") {
    using namespace f::radam_options;
    const auto make = [](auto& m) {
        return optim::RAdam{m, {.lr = 2e-2, .betas = {0.8, 0.95}, .weight_decay = 0.1}};
    };
    twenty_steps<support::regression>(make, final_loss, final_weight0, final_bias0, final_weight2, final_bias2);
}

TEST_CASE("Adamax", "[optim]") {
    using namespace f::adamax;
    const auto make = [](auto& m) { return optim::Adamax{m, {.lr = 1e-2}}; };
    twenty_steps<support::classification>(make, final_loss, final_weight0, final_bias0, final_weight2, final_bias2);
}

TEST_CASE("Adamax with options", "[optim]") {
    using namespace f::adamax_options;
    const auto make = [](auto& m) {
        return optim::Adamax{m, {.lr = 1e-2, .betas = {0.8, 0.95}, .weight_decay = 0.1}};
    };
    twenty_steps<support::classification>(make, final_loss, final_weight0, final_bias0, final_weight2, final_bias2);
}
