// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/add.hpp"
#include "ashlar/ops/div.hpp"
#include "ashlar/ops/sqrt.hpp"
#include "ashlar/ops/sub.hpp"
#include "ashlar/optim/workspace.hpp"

namespace ashlar {
template <class Model> struct Adam_has_the_options_lr_betas_eps_weight_decay : refusal {};
}  // namespace ashlar

namespace ashlar::optim {

struct AdamOptions {
    double lr = 1e-3;
    double betas[2] = {0.9, 0.999};
    double eps = 1e-8;
    double weight_decay = 0;
};

/// m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2; p - lr / (1 - b1^t) m / (sqrt(v) / sqrt(1 - b2^t) + eps).
struct adam_rule {
    using options_type = AdamOptions;
    static constexpr int states = 2, numbers = 8;
    static constexpr const char* number_names[] = {"beta1", "(1 - beta1)", "beta2", "(1 - beta2)",
                                                   "rate",  "correction",  "eps",   "weight_decay"};
    static constexpr const char* state_names[] = {"m", "v"};
    options_type options;
    double power[2] = {1, 1};  // betas to the number of steps

    constexpr void advance(double* number) {
        for (int i = 0; i < 2; ++i) power[i] *= options.betas[i];
        number[0] = options.betas[0];
        number[1] = 1 - options.betas[0];
        number[2] = options.betas[1];
        number[3] = 1 - options.betas[1];
        number[4] = options.lr / (1 - power[0]);
        number[5] = kernels::sqrt(1 - power[1]);
        number[6] = options.eps;
        number[7] = options.weight_decay;
    }
    static constexpr value update(auto p, auto g, value* state, const auto* number) {
        const auto decayed = hold(g + number[7] * p);
        const auto m = hold(number[0] * state[0]) + number[1] * decayed;
        const auto v = hold(number[2] * state[1]) + number[3] * decayed * decayed;
        state[0] = m, state[1] = v;
        return p - number[4] * m / (sqrt(v) / number[5] + number[6]);
    }
};

/// Adam (Kingma and Ba, arXiv:1412.6980), with weight decay added to the gradient, as in PyTorch.
template <class Model> struct Adam : optimizer<Model, adam_rule> {
    using optimizer<Model, adam_rule>::optimizer;
};
Adam() -> Adam<ashlar::detail::a_wrong_option<an_optimizer_takes_a_model_and_then_its_options_in_braces>>;
template <class Model> Adam(Model&) -> Adam<Model>;
template <class Model> Adam(Model&, AdamOptions) -> Adam<Model>;
template <class Model> Adam(const volatile Model&, ashlar::detail::options_of_others)
    -> Adam<ashlar::detail::a_wrong_option<Adam_has_the_options_lr_betas_eps_weight_decay<Model>>>;
// A temporary model and a number in place of options: the error says what is wrong.
template <class Model> Adam(const Model&&, AdamOptions) -> Adam<ashlar::detail::a_temporary<Model>>;
template <class Model, scalar Option> Adam(Model&, Option) -> Adam<ashlar::detail::a_bare_option<Option>>;

}  // namespace ashlar::optim
