// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/add.hpp"
#include "ashlar/ops/div.hpp"
#include "ashlar/ops/pow.hpp"
#include "ashlar/ops/sqrt.hpp"
#include "ashlar/ops/sub.hpp"
#include "ashlar/optim/betas.hpp"
#include "ashlar/optim/workspace.hpp"

namespace ashlar {
template <class Model> struct NAdam_has_the_options_lr_betas_eps_weight_decay_momentum_decay_maximize : refusal {};
}  // namespace ashlar

namespace ashlar::optim {

struct NAdamOptions {
    double lr = 2e-3;
    double betas[2] = {0.9, 0.999};
    double eps = 1e-8;
    double weight_decay = 0;
    double momentum_decay = 4e-3;
    bool maximize = false;
};

/// m and v as in Adam; p - (lr (1 - u_t) / (1 - u_1 ... u_t) g + lr u_t+1 / (1 - u_1 ... u_t+1) m) /
/// (sqrt(v / (1 - b2^t)) + eps), where u_t = b1 (1 - 0.96^(t momentum_decay) / 2).
struct nadam_rule {
    using options_type = NAdamOptions;
    static constexpr int states = 2, numbers = 9;
    static constexpr const char* number_names[] = {"beta1",     "(1 - beta1)",   "beta2", "(1 - beta2)", "rate of g",
                                                   "rate of m", "(1 - beta2^t)", "eps",   "weight_decay"};
    static constexpr const char* state_names[] = {"m", "v"};
    options_type options;
    ashlar::detail::beta_powers power{};
    double product = 1;  // of the u

    constexpr void advance(double* number) {
        power.advance(options.betas);
        const double sign = options.maximize ? -1 : 1, now = lookahead(power.steps()),
                     next = lookahead(power.steps() + 1);
        product *= now;
        number[0] = options.betas[0];
        number[1] = 1 - options.betas[0];
        number[2] = options.betas[1];
        number[3] = 1 - options.betas[1];
        number[4] = sign * options.lr * (1 - now) / (1 - product);
        number[5] = sign * options.lr * next / (1 - product * next);
        number[6] = 1 - power[1];
        number[7] = options.eps;
        number[8] = sign * options.weight_decay;
    }
    static constexpr value update(auto p, auto g, value* state, const auto* number) {
        const auto decayed = hold(g + number[8] * p);
        const auto m = hold(number[0] * state[0]) + number[1] * decayed;
        const auto v = hold(number[2] * state[1]) + number[3] * decayed * decayed;
        state[0] = m, state[1] = v;
        return p - (hold(number[4] * decayed) + number[5] * m) / (sqrt(v / number[6]) + number[7]);
    }

private:
    constexpr double lookahead(int step) const {
        return options.betas[0] * (1 - 0.5 * kernels::pow(0.96, step * options.momentum_decay));
    }
};

/// Adam with Nesterov's momentum (Dozat 2016), as PyTorch since 2.0: its older versions took u_t twice in the product
/// up to u_t+1.
template <class Model, class... T> struct NAdam : optimizer<Model, ashlar::detail::with_transforms<nadam_rule, T...>> {
    using base = optimizer<Model, ashlar::detail::with_transforms<nadam_rule, T...>>;
    using base::base;
};
NAdam() -> NAdam<ashlar::detail::no_model_given>;
template <class Given, transform... T> NAdam(Given&&, NAdamOptions = {}, T...)
    -> NAdam<ashlar::detail::model_given<Given>, T...>;
template <class Given, transform First, transform... T> NAdam(Given&&, First, T...)
    -> NAdam<ashlar::detail::model_given<Given>, First, T...>;
template <class Model, class Got = ashlar::detail::options_of_others> NAdam(const volatile Model&, Got) -> NAdam<
    ashlar::detail::wrong_options<Got, NAdam_has_the_options_lr_betas_eps_weight_decay_momentum_decay_maximize<Model>>>;

}  // namespace ashlar::optim
