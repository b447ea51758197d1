// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/optim/scheduler.hpp"

namespace ashlar::optim {

struct ReduceLROnPlateauOptions {
    const char* mode = "min";
    double factor = 0.1;
    int patience = 10;
    double threshold = 1e-4;
    const char* threshold_mode = "rel";
    int cooldown = 0;
    double min_lr = 0;
    double eps = 1e-8;
};
/// `factor` times the rate after more than `patience` epochs in which the metric did not become better:
/// `plateau.step(loss)`. `.mode = "max"` where more is better; `.threshold_mode = "abs"` adds the threshold.
class ReduceLROnPlateau {
public:
    template <class Model, class Rule>
    constexpr explicit ReduceLROnPlateau(optimizer<Model, Rule>& of, const ReduceLROnPlateauOptions& with = {})
        : options{with},
          lr_{of.scheduled().lr},
          larger_{ashlar::detail::which_name(with.mode, "min", "max")},
          absolute_{ashlar::detail::which_name(with.threshold_mode, "rel", "abs")},
          best_{larger_ == 1 ? -__builtin_inf() : __builtin_inf()} {
        ashlar::detail::expect_option(with.factor < 1, "ReduceLROnPlateau: factor is below 1");
        ashlar::detail::expect_option(larger_ >= 0, "ReduceLROnPlateau: mode is min or max");
        ashlar::detail::expect_option(absolute_ >= 0, "ReduceLROnPlateau: threshold_mode is rel or abs");
    }
    ReduceLROnPlateauOptions options;

    constexpr void step(double metric) {
        ++bad_epochs_;
        if (is_better(metric)) best_ = metric, bad_epochs_ = 0;
        if (cooling_ > 0) --cooling_, bad_epochs_ = 0;
        if (bad_epochs_ <= options.patience) return;
        const double reduced = *lr_ * options.factor < options.min_lr ? options.min_lr : *lr_ * options.factor;
        if (*lr_ - reduced > options.eps) *lr_ = reduced;
        cooling_ = options.cooldown, bad_epochs_ = 0;
    }
    constexpr double get_last_lr() const { return *lr_; }
    constexpr double best() const { return best_; }

private:
    double* lr_;
    int larger_, absolute_;
    double best_;
    int bad_epochs_ = 0, cooling_ = 0;

    constexpr bool is_better(double metric) const {
        const double sign = larger_ == 1 ? 1 : -1;
        const double bar = absolute_ == 1 ? best_ + sign * options.threshold : best_ * (1 + sign * options.threshold);
        return larger_ == 1 ? metric > bar : metric < bar;
    }
};

}  // namespace ashlar::optim
