// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/add.hpp"
#include "ashlar/ops/div.hpp"
#include "ashlar/ops/sqrt.hpp"
#include "ashlar/ops/sub.hpp"
#include "ashlar/optim/workspace.hpp"

namespace ashlar {
template <class Model> struct Adadelta_has_the_options_lr_rho_eps_weight_decay_maximize : refusal {};
}  // namespace ashlar

namespace ashlar::optim {

struct AdadeltaOptions {
    double lr = 1;
    double rho = 0.9;
    double eps = 1e-6;
    double weight_decay = 0;
    bool maximize = false;
};

/// v = rho v + (1 - rho) g^2; d = sqrt(u + eps) / sqrt(v + eps) g; u = rho u + (1 - rho) d^2; p - lr d.
struct adadelta_rule {
    using options_type = AdadeltaOptions;
    static constexpr int states = 2, numbers = 5;
    static constexpr const char* number_names[] = {"rho", "(1 - rho)", "rate", "eps", "weight_decay"};
    static constexpr const char* state_names[] = {"v", "u"};
    options_type options;

    constexpr void advance(double* number) {
        const double sign = options.maximize ? -1 : 1;
        number[0] = options.rho;
        number[1] = 1 - options.rho;
        number[2] = sign * options.lr;
        number[3] = options.eps;
        number[4] = sign * options.weight_decay;
    }
    static constexpr value update(auto p, auto g, auto* state, const auto* number) {
        const auto decayed = hold(g + number[4] * p);
        state[0] = hold(number[0] * state[0]) + number[1] * decayed * decayed;
        const auto step = hold(sqrt(state[1] + number[3]) / sqrt(state[0] + number[3]) * decayed);
        state[1] = hold(number[0] * state[1]) + number[1] * step * step;
        return p - number[2] * step;
    }
};

/// Adadelta (Zeiler, arXiv:1212.5701).
template <class Model, class... T> struct Adadelta
    : optimizer<Model, ashlar::detail::with_transforms<adadelta_rule, T...>> {
    using base = optimizer<Model, ashlar::detail::with_transforms<adadelta_rule, T...>>;
    using base::base;
};
Adadelta() -> Adadelta<ashlar::detail::no_model_given>;
template <class Given, transform... T> Adadelta(Given&&, AdadeltaOptions = {}, T...)
    -> Adadelta<ashlar::detail::model_given<Given>, T...>;
template <class Given, transform First, transform... T> Adadelta(Given&&, First, T...)
    -> Adadelta<ashlar::detail::model_given<Given>, First, T...>;
template <class Model, class Got = ashlar::detail::options_of_others> Adadelta(const volatile Model&, Got)
    -> Adadelta<ashlar::detail::wrong_options<Got, Adadelta_has_the_options_lr_rho_eps_weight_decay_maximize<Model>>>;

}  // namespace ashlar::optim
