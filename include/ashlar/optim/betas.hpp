// SPDX-License-Identifier: BSL-1.0
#pragma once

namespace ashlar::detail {

/// beta^t of two betas, from step to step. A beta that a schedule has changed takes part as if it had been so always,
/// as in PyTorch.
class beta_powers {
public:
    constexpr void advance(const double* betas) {
        ++steps_;
        for (int i = 0; i < 2; ++i) {
            power_[i] = betas[i] == beta_[i] ? power_[i] * betas[i] : raised(betas[i], steps_);
            beta_[i] = betas[i];
        }
    }
    constexpr double operator[](int i) const { return power_[i]; }
    constexpr int steps() const { return steps_; }

private:
    double power_[2]{1, 1}, beta_[2]{-1, -1};
    int steps_ = 0;

    static constexpr double raised(double x, int n) {
        double power = 1;
        for (; n > 0; n /= 2, x *= x)
            if (n % 2 == 1) power *= x;
        return power;
    }
};

}  // namespace ashlar::detail
