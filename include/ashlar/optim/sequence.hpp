// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/optim/scheduler.hpp"

namespace ashlar::optim {

/// A function of the epoch times the optimizer's rate: `LambdaLR{opt, [](int epoch) { return 1.0 / (1 + epoch); }}`.
template <class Function> class LambdaLR final : public scheduler {
public:
    template <class Model, class Rule> constexpr LambdaLR(optimizer<Model, Rule>& of, const Function& of_epoch)
        : scheduler{of}, lr_lambda{of_epoch} {
        begin(lr());
    }
    Function lr_lambda;

private:
    constexpr double first(double lr) override { return next(lr); }
    constexpr double next(double) override { return base_lr() * static_cast<double>(lr_lambda(last_epoch())); }
};

/// A schedule in a list, which has to live as long as that.
class scheduler_reference {
public:
    constexpr scheduler_reference() = default;
    constexpr scheduler_reference(scheduler& s) : of_{&s} {}
    constexpr scheduler* operator->() const { return of_; }

private:
    scheduler* of_ = nullptr;
};

struct SequentialLROptions {
    list_of<scheduler_reference> schedulers;
    list_of<int> milestones;
};
/// One schedule after the other, a new one at every milestone: `SequentialLR{opt, {.schedulers = {warmup, cosine},
/// .milestones = {5}}}`. Each begins at its epoch 0, from the rate that the optimizer was made with.
class SequentialLR final : public scheduler {
public:
    template <class Model, class Rule>
    constexpr SequentialLR(optimizer<Model, Rule>& of, const SequentialLROptions& with) : scheduler{of}, options{with} {
        ashlar::detail::expect_option(with.schedulers.size() == with.milestones.size() + 1,
                                      "SequentialLR: a schedule more than milestones");
        begin(*at().initial_lr);
    }
    SequentialLROptions options;

    constexpr void step() override {
        const int now = ++epoch_;
        int at = 0;
        while (at < options.milestones.size() && options.milestones[at] <= now) ++at;
        if (at > 0 && options.milestones[at - 1] == now)
            options.schedulers[at]->begin(options.schedulers[at]->base_lr());
        else options.schedulers[at]->step();
    }
    constexpr void begin(double from) override {
        epoch_ = 0;
        options.schedulers[0]->begin(from);
    }

private:
    int epoch_ = 0;
};

/// All schedules in every step: their factors multiply. `ChainedScheduler{{constant, exponential}}`.
class ChainedScheduler final {
public:
    constexpr ChainedScheduler(const list_of<scheduler_reference>& schedulers) : schedulers_{schedulers} {}
    constexpr void step() {
        for (const auto& s : schedulers_) s->step();
    }

private:
    list_of<scheduler_reference> schedulers_;
};

}  // namespace ashlar::optim
