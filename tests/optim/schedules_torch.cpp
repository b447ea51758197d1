// SPDX-License-Identifier: BSL-1.0
// The rate after each of forty steps of every schedule beside PyTorch.
#include "support/catch.hpp"

#include "fixtures/schedules.hpp"
#include "support/fixture.hpp"

#include <ashlar/ashlar.hpp>
#include <ashlar/optim/schedule.hpp>

#include <algorithm>
#include <cmath>

namespace f = fixtures::schedules;
namespace nn = ashlar::nn;
namespace optim = ashlar::optim;

namespace {

using Model = nn::Linear<1, 1>;
Model model{};

// Every rate; and every momentum, where there are some.
template <std::size_t N>
void rates_agree(auto& optimizer, const double (&expected)[N], auto step, const double* momentum, auto momentum_now) {
    for (std::size_t i = 0; i < N; ++i) {
        CHECK(support::close(optimizer.lr(), expected[i], 1e-8));
        if (momentum != nullptr) CHECK(support::close(momentum_now(), momentum[i], 1e-8));
        if (i + 1 < N) step(i);
    }
}
template <std::size_t N>
void agrees(const double (&expected)[N], auto make, const double* momentum = nullptr) {
    optim::SGD optimizer{model, {.lr = 0.1, .momentum = 0.9}};
    auto schedule = make(optimizer);
    CHECK(schedule.get_last_lr() == optimizer.lr());
    rates_agree(optimizer, expected, [&](std::size_t) { schedule.step(); }, momentum,
                [&] { return optimizer.options.momentum; });
}
template <std::size_t N>
void plateau_agrees(const double (&expected)[N], const optim::ReduceLROnPlateauOptions& with, auto metric) {
    optim::SGD optimizer{model, {.lr = 0.1, .momentum = 0.9}};
    optim::ReduceLROnPlateau schedule{optimizer, with};
    rates_agree(optimizer, expected, [&](std::size_t i) { schedule.step(metric(static_cast<double>(i))); }, nullptr,
                [] { return 0.0; });
}

struct only {
    ashlar::Tensor<float, 1> w;
    using members = ashlar::members<&only::w>;
    constexpr auto operator()(ashlar::expression auto x) const { return x * w; }
};

}  // namespace

TEST_CASE("schedules that decay", "[optim]") {
    agrees(f::step::lr, [](auto& o) { return optim::StepLR{o, {.step_size = 7}}; });
    agrees(f::step_gamma::lr, [](auto& o) { return optim::StepLR{o, {.step_size = 3, .gamma = 0.7}}; });
    agrees(f::multi_step::lr,
           [](auto& o) { return optim::MultiStepLR{o, {.milestones = {5, 12, 12, 20}, .gamma = 0.5}}; });
    agrees(f::constant::lr, [](auto& o) { return optim::ConstantLR{o}; });
    agrees(f::constant_options::lr, [](auto& o) { return optim::ConstantLR{o, {.factor = 0.4, .total_iters = 13}}; });
    agrees(f::linear::lr, [](auto& o) { return optim::LinearLR{o}; });
    agrees(f::linear_options::lr, [](auto& o) {
        return optim::LinearLR{o, {.start_factor = 0.9, .end_factor = 0.1, .total_iters = 17}};
    });
    agrees(f::exponential::lr, [](auto& o) { return optim::ExponentialLR{o, {.gamma = 0.9}}; });
    agrees(f::polynomial::lr, [](auto& o) { return optim::PolynomialLR{o}; });
    agrees(f::polynomial_options::lr,
           [](auto& o) { return optim::PolynomialLR{o, {.total_iters = 30, .power = 2.5}}; });
    agrees(f::lambda::lr, [](auto& o) { return optim::LambdaLR{o, [](int epoch) { return 1.0 / (1 + epoch); }}; });
}

TEST_CASE("schedules of cosines", "[optim]") {
    agrees(f::cosine::lr, [](auto& o) { return optim::CosineAnnealingLR{o, {.T_max = 30}}; });
    agrees(f::cosine_options::lr, [](auto& o) { return optim::CosineAnnealingLR{o, {.T_max = 9, .eta_min = 0.02}}; });
    agrees(f::restarts::lr, [](auto& o) { return optim::CosineAnnealingWarmRestarts{o, {.T_0 = 6}}; });
    agrees(f::restarts_options::lr, [](auto& o) {
        return optim::CosineAnnealingWarmRestarts{o, {.T_0 = 5, .T_mult = 2, .eta_min = 0.01}};
    });
}

TEST_CASE("schedules of cycles, and the momentum", "[optim]") {
    agrees(f::cyclic::lr,
           [](auto& o) { return optim::CyclicLR{o, {.base_lr = 0.01, .max_lr = 0.2, .step_size_up = 6}}; },
           f::cyclic::momentum);
    agrees(f::cyclic_triangular2::lr, [](auto& o) {
        return optim::CyclicLR{
            o, {.base_lr = 0.01, .max_lr = 0.2, .step_size_up = 4, .step_size_down = 7, .mode = "triangular2"}};
    });
    agrees(f::cyclic_exp_range::lr,
           [](auto& o) {
               return optim::CyclicLR{o,
                                      {.base_lr = 0.01,
                                       .max_lr = 0.2,
                                       .step_size_up = 5,
                                       .mode = "exp_range",
                                       .gamma = 0.95,
                                       .base_momentum = 0.7,
                                       .max_momentum = 0.99}};
           },
           f::cyclic_exp_range::momentum);
    agrees(f::one_cycle::lr, [](auto& o) { return optim::OneCycleLR{o, {.max_lr = 0.5, .total_steps = 40}}; },
           f::one_cycle::momentum);
    agrees(f::one_cycle_linear::lr, [](auto& o) {
        return optim::OneCycleLR{o,
                                 {.max_lr = 0.5,
                                  .total_steps = 41,
                                  .anneal_strategy = "linear",
                                  .cycle_momentum = false,
                                  .div_factor = 10,
                                  .final_div_factor = 100}};
    });
    agrees(f::one_cycle_three_phases::lr,
           [](auto& o) { return optim::OneCycleLR{o, {.max_lr = 0.5, .total_steps = 45, .three_phase = true}}; },
           f::one_cycle_three_phases::momentum);
    optim::Adam adam{model, {.lr = 0.1}};
    optim::OneCycleLR schedule{adam,
                               {.max_lr = 0.5,
                                .epochs = 5,
                                .steps_per_epoch = 9,
                                .pct_start = 0.4,
                                .base_momentum = 0.8,
                                .max_momentum = 0.9}};
    rates_agree(adam, f::one_cycle_adam::lr, [&](std::size_t) { schedule.step(); }, f::one_cycle_adam::beta1,
                [&] { return adam.options.betas[0]; });
}

TEST_CASE("a schedule that waits for a metric", "[optim]") {
    const auto falls = [](double i) { return 1 / (1 + std::min(i, 4.0)); };
    plateau_agrees(f::plateau::lr, {}, falls);
    plateau_agrees(f::plateau_options::lr, {.factor = 0.5, .patience = 2, .cooldown = 3, .min_lr = 0.002}, falls);
    plateau_agrees(f::plateau_max::lr,
                   {.mode = "max", .factor = 0.3, .patience = 1, .threshold = 0.05, .threshold_mode = "abs"},
                   [](double i) { return i < 20 ? 0.03 * i : 0.7; });
}

TEST_CASE("schedules of schedules", "[optim]") {
    const auto check = [](const auto& expected, auto make_all) {
        optim::SGD optimizer{model, {.lr = 0.1, .momentum = 0.9}};
        make_all(optimizer, [&](auto& schedule) {
            rates_agree(optimizer, expected, [&](std::size_t) { schedule.step(); }, nullptr, [] { return 0.0; });
        });
    };
    check(f::sequential::lr, [](auto& o, auto agree) {
        optim::LinearLR warmup{o, {.start_factor = 0.1, .total_iters = 6}};
        optim::CosineAnnealingLR cosine{o, {.T_max = 20}};
        optim::ExponentialLR tail{o, {.gamma = 0.8}};
        optim::SequentialLR schedule{o, {.schedulers = {warmup, cosine, tail}, .milestones = {6, 26}}};
        agree(schedule);
    });
    check(f::sequential_constant::lr, [](auto& o, auto agree) {
        optim::ConstantLR low{o, {.factor = 0.2, .total_iters = 9}};
        optim::StepLR steps{o, {.step_size = 4}};
        optim::LambdaLR powers{o, [](int epoch) { return std::pow(0.9, epoch); }};
        optim::SequentialLR schedule{o, {.schedulers = {low, steps, powers}, .milestones = {5, 19}}};
        agree(schedule);
    });
    check(f::chained::lr, [](auto& o, auto agree) {
        optim::ConstantLR low{o, {.factor = 0.1, .total_iters = 7}};
        optim::ExponentialLR decay{o, {.gamma = 0.9}};
        optim::ChainedScheduler schedule{{low, decay}};
        agree(schedule);
    });
    check(f::chained_cosine::lr, [](auto& o, auto agree) {
        optim::LinearLR warmup{o, {.total_iters = 10}};
        optim::CosineAnnealingLR cosine{o, {.T_max = 50}};
        optim::MultiStepLR drops{o, {.milestones = {20, 30}}};
        optim::ChainedScheduler schedule{{warmup, cosine, drops}};
        agree(schedule);
    });
}

TEST_CASE("what a schedule cannot do is an error", "[optim]") {
    optim::SGD plain{model, {.lr = 0.1}};
    CHECK_THROWS_WITH((optim::StepLR{plain, {}}), "StepLR: step_size has to be given");
    CHECK_THROWS_AS((optim::OneCycleLR{plain, {.max_lr = 1, .total_steps = 4}}), ashlar::error);  // without a momentum
    CHECK_THROWS_AS((optim::ReduceLROnPlateau{plain, {.mode = "least"}}), ashlar::error);
    optim::OneCycleLR short_one{plain, {.max_lr = 1, .total_steps = 2, .cycle_momentum = false}};
    short_one.step(), short_one.step();
    CHECK_THROWS_WITH(short_one.step(), "OneCycleLR: more steps than total_steps");
    optim::StepLR first{plain, {.step_size = 4}};
    CHECK_THROWS_AS((optim::SequentialLR{plain, {.schedulers = {first}, .milestones = {4}}}), ashlar::error);
}

TEST_CASE("a schedule in constant evaluation", "[optim]") {
    constexpr double last = [] {
        Model m{};
        optim::Adam adam{m, {.lr = 0.1}};
        adam.set_lr(0.2);
        optim::LinearLR warmup{adam, {.start_factor = 0.5, .total_iters = 2}};
        optim::CosineAnnealingLR cosine{adam, {.T_max = 4}};
        optim::SequentialLR schedule{adam, {.schedulers = {warmup, cosine}, .milestones = {2}}};
        for (int i = 0; i < 4; ++i) schedule.step();
        return adam.lr();
    }();
    static_assert(last > 0.0999999 && last < 0.1000001);
}

TEST_CASE("a beta that a schedule moves counts from the first step, as in PyTorch", "[optim]") {
    // One weight, gradient 1 throughout: m of step 2 is 0.5 * 0.1 + 0.5, corrected by 1 - 0.5^2; v is 1.
    only one{};
    optim::Adam adam{one, {.lr = 1, .betas = {0.9, 0.9}, .eps = 0}};
    const ashlar::Tensor<float, 1> x{1};
    adam.step(sum(ashlar::call(one, x)));
    const double before = static_cast<double>(one.w(0));
    adam.options.betas[0] = 0.5;
    adam.step(sum(ashlar::call(one, x)));
    CHECK(support::close(static_cast<double>(one.w(0)) - before, -(0.5 * 0.1 + 0.5) / 0.75, 1e-6));
}
