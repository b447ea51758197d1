// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/abs.hpp"
#include "ashlar/ops/add.hpp"
#include "ashlar/ops/div.hpp"
#include "ashlar/ops/minimum.hpp"
#include "ashlar/ops/sub.hpp"
#include "ashlar/optim/betas.hpp"
#include "ashlar/optim/workspace.hpp"

namespace ashlar {
template <class Model> struct Adamax_has_the_options_lr_betas_eps_weight_decay_maximize : refusal {};
}  // namespace ashlar

namespace ashlar::optim {

struct AdamaxOptions {
    double lr = 2e-3;
    double betas[2] = {0.9, 0.999};
    double eps = 1e-8;
    double weight_decay = 0;
    bool maximize = false;
};

/// m = b1 m + (1 - b1) g; u = max(b2 u, |g| + eps); p - lr / (1 - b1^t) m / u.
struct adamax_rule {
    using options_type = AdamaxOptions;
    static constexpr int states = 2, numbers = 6;
    static constexpr const char* number_names[] = {"beta1", "(1 - beta1)", "beta2", "rate", "eps", "weight_decay"};
    static constexpr const char* state_names[] = {"m", "u"};
    options_type options;
    ashlar::detail::beta_powers power{};

    constexpr void advance(double* number) {
        power.advance(options.betas);
        const double sign = options.maximize ? -1 : 1;
        number[0] = options.betas[0];
        number[1] = 1 - options.betas[0];
        number[2] = options.betas[1];
        number[3] = sign * options.lr / (1 - power[0]);
        number[4] = options.eps;
        number[5] = sign * options.weight_decay;
    }
    static constexpr value update(auto p, auto g, value* state, const auto* number) {
        const auto decayed = hold(g + number[5] * p);
        state[0] = hold(number[0] * state[0]) + number[1] * decayed;
        state[1] = maximum(number[2] * state[1], abs(decayed) + number[4]);
        return p - number[3] * state[0] / state[1];
    }
};

/// Adam by the largest gradient in place of the mean square (Kingma and Ba, arXiv:1412.6980, section 7).
template <class Model, class... T> struct Adamax
    : optimizer<Model, ashlar::detail::with_transforms<adamax_rule, T...>> {
    using base = optimizer<Model, ashlar::detail::with_transforms<adamax_rule, T...>>;
    using base::base;
};
Adamax() -> Adamax<ashlar::detail::no_model_given>;
template <class Given, transform... T> Adamax(Given&&, AdamaxOptions = {}, T...)
    -> Adamax<ashlar::detail::model_given<Given>, T...>;
template <class Given, transform First, transform... T> Adamax(Given&&, First, T...)
    -> Adamax<ashlar::detail::model_given<Given>, First, T...>;
template <class Model, class Got = ashlar::detail::options_of_others> Adamax(const volatile Model&, Got)
    -> Adamax<ashlar::detail::wrong_options<Got, Adamax_has_the_options_lr_betas_eps_weight_decay_maximize<Model>>>;

}  // namespace ashlar::optim
