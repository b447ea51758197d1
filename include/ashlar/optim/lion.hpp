// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/add.hpp"
#include "ashlar/ops/sign.hpp"
#include "ashlar/ops/sub.hpp"
#include "ashlar/optim/workspace.hpp"

namespace ashlar {
template <class Model> struct Lion_has_the_options_lr_betas_weight_decay_maximize : refusal {};
}  // namespace ashlar

namespace ashlar::optim {

struct LionOptions {
    double lr = 1e-4;
    double betas[2] = {0.9, 0.99};
    double weight_decay = 0;
    bool maximize = false;
};

/// p (1 - lr weight_decay) - lr sign(b1 m + (1 - b1) g); m = b2 m + (1 - b2) g.
struct lion_rule {
    using options_type = LionOptions;
    static constexpr int states = 1, numbers = 6;
    static constexpr const char* number_names[] = {"beta1", "(1 - beta1)", "beta2", "(1 - beta2)", "rate", "kept"};
    static constexpr const char* state_names[] = {"m"};
    options_type options;

    constexpr void advance(double* number) {
        for (int i = 0; i < 2; ++i) number[2 * i] = options.betas[i], number[2 * i + 1] = 1 - options.betas[i];
        number[4] = options.maximize ? -options.lr : options.lr;
        number[5] = 1 - options.lr * options.weight_decay;
    }
    static constexpr value update(auto p, auto g, auto* state, const auto* number) {
        const auto direction = sign(hold(number[0] * state[0]) + number[1] * g);
        state[0] = hold(number[2] * state[0]) + number[3] * g;
        return hold(number[5] * p) - number[4] * direction;
    }
};

/// Lion (Chen et al., arXiv:2302.06675): steps of one size. Its rate is a third to a tenth of Adam's.
template <class Model, class... T> struct Lion : optimizer<Model, ashlar::detail::with_transforms<lion_rule, T...>> {
    using base = optimizer<Model, ashlar::detail::with_transforms<lion_rule, T...>>;
    using base::base;
};
Lion() -> Lion<ashlar::detail::no_model_given>;
template <class Given, transform... T> Lion(Given&&, LionOptions = {}, T...)
    -> Lion<ashlar::detail::model_given<Given>, T...>;
template <class Given, transform First, transform... T> Lion(Given&&, First, T...)
    -> Lion<ashlar::detail::model_given<Given>, First, T...>;
template <class Model, class Got = ashlar::detail::options_of_others> Lion(const volatile Model&, Got)
    -> Lion<ashlar::detail::wrong_options<Got, Lion_has_the_options_lr_betas_weight_decay_maximize<Model>>>;

}  // namespace ashlar::optim
