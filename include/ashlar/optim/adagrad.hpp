// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/add.hpp"
#include "ashlar/ops/div.hpp"
#include "ashlar/ops/sqrt.hpp"
#include "ashlar/ops/sub.hpp"
#include "ashlar/optim/workspace.hpp"

namespace ashlar {
template <class Model>
struct Adagrad_has_the_options_lr_lr_decay_weight_decay_initial_accumulator_value_eps_maximize : refusal {};
}  // namespace ashlar

namespace ashlar::optim {

struct AdagradOptions {
    double lr = 1e-2;
    double lr_decay = 0;
    double weight_decay = 0;
    double initial_accumulator_value = 0;
    double eps = 1e-10;
    bool maximize = false;
};

/// s = s + g^2; p - lr / (1 + (t - 1) lr_decay) g / (sqrt(s) + eps). The state is s without its initial value.
struct adagrad_rule {
    using options_type = AdagradOptions;
    static constexpr int states = 1, numbers = 4;
    static constexpr const char* number_names[] = {"rate", "initial", "eps", "weight_decay"};
    static constexpr const char* state_names[] = {"sum"};
    options_type options;
    int steps = 0;

    constexpr void advance(double* number) {
        const double sign = options.maximize ? -1 : 1;
        number[0] = sign * options.lr / (1 + steps++ * options.lr_decay);
        number[1] = options.initial_accumulator_value;
        number[2] = options.eps;
        number[3] = sign * options.weight_decay;
    }
    static constexpr value update(auto p, auto g, auto* state, const auto* number) {
        const auto decayed = hold(g + number[3] * p);
        state[0] = state[0] + decayed * decayed;
        return p - number[0] * decayed / (sqrt(hold(state[0] + number[1])) + number[2]);
    }
};

/// Adagrad (Duchi et al., JMLR 2011).
template <class Model, class... T> struct Adagrad
    : optimizer<Model, ashlar::detail::with_transforms<adagrad_rule, T...>> {
    using base = optimizer<Model, ashlar::detail::with_transforms<adagrad_rule, T...>>;
    using base::base;
};
Adagrad() -> Adagrad<ashlar::detail::no_model_given>;
template <class Given, transform... T> Adagrad(Given&&, AdagradOptions = {}, T...)
    -> Adagrad<ashlar::detail::model_given<Given>, T...>;
template <class Given, transform First, transform... T> Adagrad(Given&&, First, T...)
    -> Adagrad<ashlar::detail::model_given<Given>, First, T...>;
template <class Model, class Got = ashlar::detail::options_of_others> Adagrad(const volatile Model&, Got)
    -> Adagrad<ashlar::detail::wrong_options<
        Got, Adagrad_has_the_options_lr_lr_decay_weight_decay_initial_accumulator_value_eps_maximize<Model>>>;

}  // namespace ashlar::optim
