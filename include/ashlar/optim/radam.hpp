// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/add.hpp"
#include "ashlar/ops/div.hpp"
#include "ashlar/ops/sqrt.hpp"
#include "ashlar/ops/sub.hpp"
#include "ashlar/ops/where.hpp"
#include "ashlar/optim/betas.hpp"
#include "ashlar/optim/workspace.hpp"

namespace ashlar {
template <class Model> struct RAdam_has_the_options_lr_betas_eps_weight_decay_maximize : refusal {};
}  // namespace ashlar

namespace ashlar::optim {

struct RAdamOptions {
    double lr = 1e-3;
    double betas[2] = {0.9, 0.999};
    double eps = 1e-8;
    double weight_decay = 0;
    bool maximize = false;
};

/// m and v as in Adam; with n = 2 / (1 - b2) - 1 and n_t = n - 2 t b2^t / (1 - b2^t) the step is
/// lr m / (1 - b1^t), and where n_t > 5 that times sqrt((n_t - 4)(n_t - 2) n / ((n - 4)(n - 2) n_t)) sqrt(1 - b2^t) /
/// (sqrt(v) + eps).
struct radam_rule {
    using options_type = RAdamOptions;
    static constexpr int states = 2, numbers = 8;
    static constexpr const char* number_names[] = {"beta1", "(1 - beta1)", "beta2", "(1 - beta2)",
                                                   "rate",  "rectified",   "eps",   "weight_decay"};
    static constexpr const char* state_names[] = {"m", "v"};
    options_type options;
    ashlar::detail::beta_powers power{};

    constexpr void advance(double* number) {
        power.advance(options.betas);
        const double sign = options.maximize ? -1 : 1, correction = 1 - power[1];
        const double n = 2 / (1 - options.betas[1]) - 1, now = n - 2 * power.steps() * power[1] / correction;
        number[0] = options.betas[0];
        number[1] = 1 - options.betas[0];
        number[2] = options.betas[1];
        number[3] = 1 - options.betas[1];
        number[4] = sign * options.lr / (1 - power[0]);
        if (now > 5)
            number[4] *=
                kernels::sqrt((now - 4) * (now - 2) * n / ((n - 4) * (n - 2) * now)) * kernels::sqrt(correction);
        number[5] = now > 5 ? 1 : 0;
        number[6] = options.eps;
        number[7] = sign * options.weight_decay;
    }
    static constexpr value update(auto p, auto g, value* state, const auto* number) {
        const auto decayed = hold(g + number[7] * p);
        const auto m = hold(number[0] * state[0]) + number[1] * decayed;
        const auto v = hold(number[2] * state[1]) + number[3] * decayed * decayed;
        state[0] = m, state[1] = v;
        return p - number[4] * m / where(number[5], sqrt(v) + number[6], 1);
    }
};

/// Adam whose variance is rectified while it is uncertain (Liu et al., arXiv:1908.03265).
template <class Model, class... T> struct RAdam : optimizer<Model, ashlar::detail::with_transforms<radam_rule, T...>> {
    using base = optimizer<Model, ashlar::detail::with_transforms<radam_rule, T...>>;
    using base::base;
};
RAdam() -> RAdam<ashlar::detail::no_model_given>;
template <class Given, transform... T> RAdam(Given&&, RAdamOptions = {}, T...)
    -> RAdam<ashlar::detail::model_given<Given>, T...>;
template <class Given, transform First, transform... T> RAdam(Given&&, First, T...)
    -> RAdam<ashlar::detail::model_given<Given>, First, T...>;
template <class Model, class Got = ashlar::detail::options_of_others> RAdam(const volatile Model&, Got)
    -> RAdam<ashlar::detail::wrong_options<Got, RAdam_has_the_options_lr_betas_eps_weight_decay_maximize<Model>>>;

}  // namespace ashlar::optim
