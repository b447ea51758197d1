// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/optim/residual.hpp"

namespace ashlar {
template <class Model> struct GaussNewton_has_the_options_lr : refusal {};
}  // namespace ashlar

namespace ashlar::optim {

struct GaussNewtonOptions {
    double lr = 1;  // the share of the way to the least squares of the linear model
};
struct gauss_newton_rule {
    using options_type = GaussNewtonOptions;
    using of_residuals = void;  // a step takes them in place of a loss
    static constexpr int states = 0, numbers = 0;
    options_type options;
};

/// Small nonlinear least squares: min sum(r^2) / 2 over the parameters of a model, r an expression of any shape.
///     optim::GaussNewton fit{curve};
///     double cost = fit.step(curve(x) - y);
/// A step replaces r by its linear model r + J p, whose least squares p are exact, and goes lr p (Nocedal and Wright,
/// Numerical Optimization, 2nd ed., 10.3). The value is sum(r^2) / 2 before the step, in double. A linear model is
/// solved by one step; far from the solution of another one a step may lead away: see LevenbergMarquardt.
///
/// J has a row for every residual, from one program that is run so often with another weight; then a QR decomposition
/// of J in double, in memory for M (N + 2) numbers and more: for N up to some tens. Where parameters cannot be told
/// apart (J has less than full rank, fewer residuals than parameters) as many of them as J determines are moved. A step
/// to where a parameter would not be finite is not taken. Squares are of double numbers: beyond 1e+-154 they leave its
/// range. It takes no transforms. Nothing is allocated.
template <class Model> struct GaussNewton : optimizer<Model, gauss_newton_rule> {
    using base = optimizer<Model, gauss_newton_rule>;
    using base::base;

    template <class Residual> constexpr auto step(const Residual& residual) noexcept {
        return ashlar::detail::step_of_residuals<Model>(residual,
                                                        [&](const auto& r, auto& memory) { return solve(r, memory); });
    }

private:
    template <class E, class Memory> constexpr double solve(const E& residual, Memory& m) {
        const double cost = m.evaluate(residual);
        this->zero_grad();
        m.differentiate(residual, this->model(), this->gradients());
        ashlar::detail::small_qr<Memory::columns> qr{m.jacobian, m.residual, Memory::rows};
        qr.reduce(Memory::rounding);
        qr.solve(m.change);
        ashlar::detail::flatten(static_cast<const Model&>(this->model()), m.start);
        m.move(this->model(), -this->options.lr);
        return cost;
    }
};
GaussNewton() -> GaussNewton<ashlar::detail::no_model_given>;
template <class Given> GaussNewton(Given&&, GaussNewtonOptions = {}) -> GaussNewton<ashlar::detail::model_given<Given>>;
template <class Model, class Got = ashlar::detail::options_of_others> GaussNewton(const volatile Model&, Got)
    -> GaussNewton<ashlar::detail::wrong_options<Got, GaussNewton_has_the_options_lr<Model>>>;

}  // namespace ashlar::optim
