// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/pow.hpp"
#include "ashlar/optim/scheduler.hpp"

namespace ashlar::optim {

struct StepLROptions {
    int step_size = 0;
    double gamma = 0.1;
};
/// `gamma` times the rate every `step_size` epochs.
class StepLR final : public scheduler {
public:
    template <class Model, class Rule> constexpr StepLR(optimizer<Model, Rule>& of, const StepLROptions& with)
        : scheduler{of}, options{with} {
        ashlar::detail::expect_option(with.step_size > 0, "StepLR: step_size has to be given");
    }
    StepLROptions options;

private:
    constexpr double next(double lr) override {
        return last_epoch() % options.step_size == 0 ? lr * options.gamma : lr;
    }
};

struct MultiStepLROptions {
    list_of<int> milestones;
    double gamma = 0.1;
};
/// `gamma` times the rate at every milestone, an epoch.
class MultiStepLR final : public scheduler {
public:
    template <class Model, class Rule> constexpr MultiStepLR(optimizer<Model, Rule>& of, const MultiStepLROptions& with)
        : scheduler{of}, options{with} {
        begin(lr());
    }
    MultiStepLROptions options;

private:
    constexpr double first(double lr) override { return next(lr); }
    constexpr double next(double lr) override {
        for (const int milestone : options.milestones)
            if (milestone == last_epoch()) lr *= options.gamma;
        return lr;
    }
};

struct ConstantLROptions {
    double factor = 1.0 / 3;
    int total_iters = 5;
};
/// `factor` times the rate for the first `total_iters` epochs.
class ConstantLR final : public scheduler {
public:
    template <class Model, class Rule> constexpr explicit ConstantLR(optimizer<Model, Rule>& of,
                                                                     const ConstantLROptions& with = {})
        : scheduler{of}, options{with} {
        ashlar::detail::expect_option(with.factor >= 0 && with.factor <= 1, "ConstantLR: factor is from 0 to 1");
        begin(lr());
    }
    ConstantLROptions options;

private:
    constexpr double first(double lr) override { return lr * options.factor; }
    constexpr double next(double lr) override {
        return last_epoch() == options.total_iters ? lr * (1 / options.factor) : lr;
    }
};

struct LinearLROptions {
    double start_factor = 1.0 / 3;
    double end_factor = 1;
    int total_iters = 5;
};
/// From `start_factor` to `end_factor` times the rate, on a line of `total_iters` epochs: a warm-up.
class LinearLR final : public scheduler {
public:
    template <class Model, class Rule> constexpr explicit LinearLR(optimizer<Model, Rule>& of,
                                                                   const LinearLROptions& with = {})
        : scheduler{of}, options{with} {
        ashlar::detail::expect_option(with.start_factor > 0 && with.start_factor <= 1,
                                      "LinearLR: start_factor is above 0 and at most 1");
        ashlar::detail::expect_option(with.end_factor >= 0 && with.end_factor <= 1,
                                      "LinearLR: end_factor is from 0 to 1");
        begin(lr());
    }
    LinearLROptions options;

private:
    constexpr double first(double lr) override { return lr * options.start_factor; }
    constexpr double next(double lr) override {
        if (last_epoch() > options.total_iters) return lr;
        const double slope = options.end_factor - options.start_factor;
        return lr * (1 + slope / (options.total_iters * options.start_factor + (last_epoch() - 1) * slope));
    }
};

struct ExponentialLROptions {
    double gamma = 0;
};
/// `gamma` times the rate every epoch.
class ExponentialLR final : public scheduler {
public:
    template <class Model, class Rule>
    constexpr ExponentialLR(optimizer<Model, Rule>& of, const ExponentialLROptions& with)
        : scheduler{of}, options{with} {
        ashlar::detail::expect_option(with.gamma > 0, "ExponentialLR: gamma has to be given");
    }
    ExponentialLROptions options;

private:
    constexpr double next(double lr) override { return lr * options.gamma; }
};

struct PolynomialLROptions {
    int total_iters = 5;
    double power = 1;
};
/// (1 - epoch / total_iters)^power times the rate, 0 in the end.
class PolynomialLR final : public scheduler {
public:
    template <class Model, class Rule> constexpr explicit PolynomialLR(optimizer<Model, Rule>& of,
                                                                       const PolynomialLROptions& with = {})
        : scheduler{of}, options{with} {
        ashlar::detail::expect_option(with.total_iters > 0, "PolynomialLR: total_iters has to be positive");
    }
    PolynomialLROptions options;

private:
    constexpr double next(double lr) override {
        if (last_epoch() > options.total_iters) return lr;
        const double total = options.total_iters;
        return lr * kernels::pow((1 - last_epoch() / total) / (1 - (last_epoch() - 1) / total), options.power);
    }
};

}  // namespace ashlar::optim
