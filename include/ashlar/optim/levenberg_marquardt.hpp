// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/optim/residual.hpp"
#include "ashlar/tensor/number_text.hpp"

namespace ashlar {
template <class Model> struct LevenbergMarquardt_has_the_options_damping_up_down_max_trials : refusal {};
}  // namespace ashlar

namespace ashlar::optim {

struct LevenbergMarquardtOptions {
    double damping = 1e-3;  // before the first step
    double up = 10;         // its factor where a step did less than a quarter of what was foreseen
    double down = 0.1;      // and where it did more than three quarters
    int max_trials = 20;    // in one step
};
struct levenberg_marquardt_rule {
    using options_type = LevenbergMarquardtOptions;
    using of_residuals = void;  // a step takes them in place of a loss
    static constexpr int states = 0, numbers = 0;
    options_type options;

    static constexpr void check_options(const options_type& o) {
        if (!(o.damping > 0)) refuse("damping", o.damping, "above 0");
        if (!(o.up > 1)) refuse("up", o.up, "above 1");
        if (!(o.down > 0 && o.down <= 1)) refuse("down", o.down, "above 0 and at most 1");
        if (o.max_trials < 1) refuse("max_trials", o.max_trials, "at least 1");
    }
    [[noreturn]] static void refuse(const char* option, double is, const char* expected) {
        ashlar::detail::raise_error("LevenbergMarquardt: ", option, " is ", ashlar::detail::number_text{is}.text(),
                                    ", expected ", expected);
    }
};

/// Small nonlinear least squares: min sum(r^2) / 2 over the parameters of a model, r an expression of any shape.
///     optim::LevenbergMarquardt fit{curve};
///     while (fit.step(curve(x) - y) > 1e-6 && fit.accepted()) {}
/// A step solves the damped linear model, min |r + J p|^2 + damping |D p|^2 with D the norms of J's columns, the
/// largest ones so far (Marquardt 1963: D^2 = diag(J^T J); More 1978, "The Levenberg-Marquardt algorithm", for the
/// largest). The gain is what the cost falls over what the linear model foresees. Where it is above 1e-3, the
/// parameters go there; else they stay, and another trial has more damping. After a gain below 1/4 the damping grows
/// by `up`, above 3/4 it falls by `down` (Fletcher 1971, "A modified Marquardt subroutine for nonlinear least
/// squares"). So no step raises the cost; at the solution `accepted()` is false. Where no trial did enough, the next
/// step goes on with the damping of the last one, unless nothing was to be gained: then it has that of the last step
/// that moved. The value is sum(r^2) / 2 before the step, in double.
///
/// Memory and limits are those of GaussNewton; parameters that cannot be told apart are no hindrance.
template <class Model> struct LevenbergMarquardt : optimizer<Model, levenberg_marquardt_rule> {
    using base = optimizer<Model, levenberg_marquardt_rule>;
    using base::base;

    template <class Residual> constexpr auto step(const Residual& residual) noexcept {
        return ashlar::detail::step_of_residuals<Model>(residual,
                                                        [&](const auto& r, auto& memory) { return solve(r, memory); });
    }
    /// Of the last step: whether the parameters have moved, and how the cost fell beside what was foreseen, 0 where
    /// nothing was tried.
    constexpr bool accepted() const { return accepted_; }
    constexpr double gain() const { return gain_; }
    /// That of the next step.
    constexpr double damping() const { return damping_ > 0 ? damping_ : this->options.damping; }

private:
    static constexpr double least_gain = 1e-3, most_damping = 1e15;

    template <class E, class Memory> constexpr double solve(const E& residual, Memory& m) {
        constexpr std::size_t n = Memory::columns;
        constexpr double least_damping = Memory::rounding < 1e-12 ? 1e-30 : 1e-15;  // its root is lost beside 1
        damping_ = damping();
        accepted_ = false, gain_ = 0;
        const double cost = m.evaluate(residual);
        this->zero_grad();
        m.differentiate(residual, this->model(), this->gradients());
        if (!scale(m)) return cost_without_step(cost);
        ashlar::detail::small_qr<n> qr{m.jacobian, m.residual, Memory::rows};
        qr.reduce();
        ashlar::detail::flatten(static_cast<const Model&>(this->model()), m.start);
        for (int trial = 0; trial < this->options.max_trials && !accepted_; ++trial) {
            const double foreseen = damped(qr, m);
            const bool finite = m.move(this->model(), 1);
            if (!(foreseen > cost * 0x1p-52) || (finite && !m.has_moved(this->model()))) {  // nothing to gain, or nan
                m.move(this->model(), 0);
                return cost_without_step(cost);
            }
            gain_ = finite ? (cost - m.evaluate(residual)) / foreseen : 0;
            accepted_ = gain_ > least_gain;
            if (!accepted_) m.move(this->model(), 0);
            if (!(gain_ >= 0.25)) damping_ *= this->options.up;
            else if (gain_ > 0.75) damping_ *= this->options.down;
            damping_ = damping_ < least_damping ? least_damping : damping_ > most_damping ? most_damping : damping_;
        }
        if (accepted_) last_damping_ = damping_;
        return cost;
    }
    constexpr double cost_without_step(double cost) {
        damping_ = last_damping_;
        return cost;
    }
    // A norm that is not finite is not kept: then there is no step.
    template <class Memory> constexpr bool scale(const Memory& m) {
        constexpr std::size_t n = Memory::columns;
        bool finite = true;
        for (std::size_t j = 0; j < n; ++j) {
            double sum = 0;
            for (std::size_t i = 0; i < Memory::rows; ++i)
                sum += kernels::rounded(m.jacobian[i * n + j] * m.jacobian[i * n + j]);
            const double norm = kernels::sqrt(sum);
            if ((kernels::isfinite)(norm) == 0) finite = false;
            else if (norm > scale_[j]) scale_[j] = norm;
        }
        return finite;
    }
    // The change, and what it takes from the cost of the linear model: -q R p - |R p|^2 / 2 with q = Q^T r.
    template <class Memory> constexpr double damped(const ashlar::detail::small_qr<Memory::columns>& qr, Memory& m) {
        constexpr std::size_t n = Memory::columns, rows = Memory::rows < n ? Memory::rows : n;
        const double root = kernels::sqrt(damping_);
        for (std::size_t i = 0; i < 2 * n; ++i) {
            m.right[i] = i < rows ? -m.residual[i] : 0;
            for (std::size_t k = 0; k < n; ++k) m.matrix[i * n + k] = i < rows ? m.jacobian[i * n + k] : 0;
        }
        for (std::size_t k = 0; k < n; ++k) {
            const double d = scale_[qr.column[k]];
            m.matrix[(n + k) * n + k] = root * (d > 0 ? d : 1);
        }
        double p[n]{};
        ashlar::detail::small_qr<n> both{m.matrix, m.right, 2 * n};
        both.reduce();
        both.solve(p);
        double foreseen = 0;
        for (std::size_t i = 0; i < rows; ++i) {
            double sum = 0;
            for (std::size_t k = i; k < n; ++k) sum += kernels::rounded(m.jacobian[i * n + k] * p[k]);
            foreseen -= kernels::rounded(sum * (m.residual[i] + sum / 2));
        }
        for (std::size_t k = 0; k < n; ++k) m.change[qr.column[k]] = p[k];
        return foreseen;
    }

    double damping_ = 0, gain_ = 0;
    double last_damping_ = 0;  // after the last step that moved
    bool accepted_ = false;
    double scale_[ashlar::detail::parameters_or_none<Model>]{};  // the largest norms of the columns so far
};
LevenbergMarquardt() -> LevenbergMarquardt<ashlar::detail::no_model_given>;
template <class Given> LevenbergMarquardt(Given&&, LevenbergMarquardtOptions = {})
    -> LevenbergMarquardt<ashlar::detail::model_given<Given>>;
template <class Model, class Got = ashlar::detail::options_of_others> LevenbergMarquardt(const volatile Model&, Got)
    -> LevenbergMarquardt<
        ashlar::detail::wrong_options<Got, LevenbergMarquardt_has_the_options_damping_up_down_max_trials<Model>>>;

}  // namespace ashlar::optim
