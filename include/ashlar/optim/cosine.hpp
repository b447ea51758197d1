// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/sin.hpp"
#include "ashlar/optim/scheduler.hpp"

namespace ashlar::detail {
/// 1 + cos(pi x).
constexpr double raised_cosine(double x) { return 1 + kernels::cos(3.14159265358979323846 * x); }
}  // namespace ashlar::detail

namespace ashlar::optim {

struct CosineAnnealingLROptions {
    int T_max = 0;
    double eta_min = 0;
};
/// eta_min + (rate - eta_min) (1 + cos(pi epoch / T_max)) / 2 (Loshchilov and Hutter, arXiv:1608.03983, without
/// restarts).
class CosineAnnealingLR final : public scheduler {
public:
    template <class Model, class Rule>
    constexpr CosineAnnealingLR(optimizer<Model, Rule>& of, const CosineAnnealingLROptions& with)
        : scheduler{of}, options{with} {
        ashlar::detail::expect_option(with.T_max > 0, "CosineAnnealingLR: T_max has to be given");
    }
    CosineAnnealingLROptions options;

private:
    constexpr double next(double lr) override {
        using ashlar::detail::raised_cosine;
        const double length = options.T_max, low = options.eta_min;
        // At the bottom the last rate is eta_min, of which nothing can be computed.
        if ((last_epoch() - 1 - options.T_max) % (2 * options.T_max) == 0)
            return lr + (base_lr() - low) * (2 - raised_cosine(1 / length)) / 2;
        return raised_cosine(last_epoch() / length) / raised_cosine((last_epoch() - 1) / length) * (lr - low) + low;
    }
};

struct CosineAnnealingWarmRestartsOptions {
    int T_0 = 0;
    int T_mult = 1;
    double eta_min = 0;
};
/// Cosines of T_0, T_0 T_mult, T_0 T_mult^2, ... epochs, each from the optimizer's rate to eta_min
/// (Loshchilov and Hutter, arXiv:1608.03983).
class CosineAnnealingWarmRestarts final : public scheduler {
public:
    template <class Model, class Rule>
    constexpr CosineAnnealingWarmRestarts(optimizer<Model, Rule>& of, const CosineAnnealingWarmRestartsOptions& with)
        : scheduler{of}, options{with} {
        ashlar::detail::expect_option(with.T_0 > 0 && with.T_mult > 0,
                                      "CosineAnnealingWarmRestarts: T_0 has to be given, and T_mult is at least 1");
        begin(lr());
    }
    CosineAnnealingWarmRestartsOptions options;

private:
    int epoch_ = 0, length_ = 0;  // within this cosine

    constexpr double first(double) override {
        epoch_ = 0, length_ = options.T_0;
        return rate();
    }
    constexpr double next(double) override {
        if (++epoch_ >= length_) epoch_ -= length_, length_ *= options.T_mult;
        return rate();
    }
    constexpr double rate() const {
        const double part = static_cast<double>(epoch_) / length_;
        return options.eta_min + (base_lr() - options.eta_min) * ashlar::detail::raised_cosine(part) / 2;
    }
};

}  // namespace ashlar::optim
