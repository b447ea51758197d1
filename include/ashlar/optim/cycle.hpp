// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/pow.hpp"
#include "ashlar/optim/cosine.hpp"

namespace ashlar::optim {

/// A schedule that moves the momentum, or the first of the betas, against the rate.
class momentum_scheduler : public scheduler {
protected:
    template <class Model, class Rule> constexpr momentum_scheduler(optimizer<Model, Rule>& of, bool cycle_momentum)
        : scheduler{of}, moves_{cycle_momentum} {
        ashlar::detail::expect_option(!moves_ || at().momentum != nullptr,
                                      "a cycle: this optimizer has no momentum: .cycle_momentum = false, "
                                      "or say the momentum where the optimizer is made");
    }
    constexpr momentum_scheduler(const momentum_scheduler&) = default;
    constexpr momentum_scheduler& operator=(const momentum_scheduler&) = default;
    constexpr ~momentum_scheduler() = default;

    constexpr void set_momentum(double momentum) {
        if (moves_) *at().momentum = momentum;
    }
    // The optimizer's rate before all schedules is this one's from now on.
    constexpr void set_initial_lr(double lr) { *at().initial_lr = lr; }

private:
    bool moves_;
};

struct CyclicLROptions {
    double base_lr = 0;
    double max_lr = 0;
    int step_size_up = 2000;
    int step_size_down = 0;  // 0: as up
    const char* mode = "triangular";
    double gamma = 1;
    bool cycle_momentum = true;
    double base_momentum = 0.8;
    double max_momentum = 0.9;
};
/// From base_lr to max_lr and back on lines, again and again (Smith, arXiv:1506.01186). `.mode = "triangular2"` halves
/// the height every cycle, `"exp_range"` makes it gamma^step.
class CyclicLR final : public momentum_scheduler {
public:
    template <class Model, class Rule> constexpr CyclicLR(optimizer<Model, Rule>& of, const CyclicLROptions& with)
        : momentum_scheduler{of, with.cycle_momentum},
          options{with},
          mode_{ashlar::detail::which_name(with.mode, "triangular", "triangular2", "exp_range")} {
        ashlar::detail::expect_option(with.max_lr > 0 && with.step_size_up > 0 && with.step_size_down >= 0,
                                      "CyclicLR: base_lr and max_lr have to be given");
        ashlar::detail::expect_option(mode_ >= 0, "CyclicLR: mode is triangular, triangular2 or exp_range");
        begin(lr());
    }
    CyclicLROptions options;

private:
    int mode_;

    constexpr double first(double lr) override { return next(lr); }
    constexpr double next(double) override {
        const double up = options.step_size_up, down = options.step_size_down > 0 ? options.step_size_down : up;
        const double total = up + down, ratio = up / total;
        const int cycles = static_cast<int>(last_epoch() / total);  // done
        const double x = last_epoch() / total - cycles, height = x <= ratio ? x / ratio : (x - 1) / (ratio - 1);
        double scale = 1;
        if (mode_ == 1) scale = 1 / kernels::pow(2.0, static_cast<double>(cycles));
        if (mode_ == 2) scale = kernels::pow(options.gamma, static_cast<double>(last_epoch()));
        set_momentum(options.max_momentum - (options.max_momentum - options.base_momentum) * height * scale);
        return options.base_lr + (options.max_lr - options.base_lr) * height * scale;
    }
};

struct OneCycleLROptions {
    double max_lr = 0;
    int total_steps = 0;  // or the next two
    int epochs = 0;
    int steps_per_epoch = 0;
    double pct_start = 0.3;
    const char* anneal_strategy = "cos";
    bool cycle_momentum = true;
    double base_momentum = 0.85;
    double max_momentum = 0.95;
    double div_factor = 25;
    double final_div_factor = 1e4;
    bool three_phase = false;
};
/// From max_lr / div_factor to max_lr in pct_start of the steps, and to that divided by final_div_factor in the others
/// (Smith and Topin, arXiv:1708.07120). `.three_phase = true` goes back as it came before that. `.anneal_strategy =
/// "linear"` is the other way between.
class OneCycleLR final : public momentum_scheduler {
public:
    template <class Model, class Rule> constexpr OneCycleLR(optimizer<Model, Rule>& of, const OneCycleLROptions& with)
        : momentum_scheduler{of, with.cycle_momentum},
          options{with},
          steps_{with.total_steps > 0 ? with.total_steps : with.epochs * with.steps_per_epoch},
          strategy_{ashlar::detail::which_name(with.anneal_strategy, "cos", "linear")} {
        ashlar::detail::expect_option(
            with.max_lr > 0 && steps_ > 0,
            "OneCycleLR: max_lr and total_steps, or epochs and steps_per_epoch, have to be given");
        ashlar::detail::expect_option(with.pct_start >= 0 && with.pct_start <= 1,
                                      "OneCycleLR: pct_start is from 0 to 1");
        ashlar::detail::expect_option(strategy_ >= 0, "OneCycleLR: anneal_strategy is cos or linear");
        set_initial_lr(with.max_lr / with.div_factor);
        begin(lr());
    }
    OneCycleLROptions options;

private:
    struct point {
        double step, lr, momentum;
    };
    int steps_, strategy_;

    constexpr double first(double lr) override { return next(lr); }
    constexpr double next(double) override {
        ashlar::detail::expect_option(last_epoch() <= steps_, "OneCycleLR: more steps than total_steps");
        const double low = options.max_lr / options.div_factor, rise = options.pct_start * steps_;
        const point start{0, low, options.max_momentum}, top{rise - 1, options.max_lr, options.base_momentum},
            back{2 * rise - 2, low, options.max_momentum},
            end{static_cast<double>(steps_ - 1), low / options.final_div_factor, options.max_momentum};
        if (last_epoch() <= top.step) return between(start, top);
        if (options.three_phase) return last_epoch() <= back.step ? between(top, back) : between(back, end);
        return between(top, end);
    }
    constexpr double between(const point& from, const point& to) {
        const double part = (last_epoch() - from.step) / (to.step - from.step);
        set_momentum(annealed(from.momentum, to.momentum, part));
        return annealed(from.lr, to.lr, part);
    }
    constexpr double annealed(double from, double to, double part) const {
        return strategy_ == 1 ? (to - from) * part + from : to + (from - to) / 2 * ashlar::detail::raised_cosine(part);
    }
};

}  // namespace ashlar::optim
