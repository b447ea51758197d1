// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/add.hpp"
#include "ashlar/ops/div.hpp"
#include "ashlar/ops/minimum.hpp"
#include "ashlar/ops/sqrt.hpp"
#include "ashlar/ops/sub.hpp"
#include "ashlar/optim/betas.hpp"
#include "ashlar/optim/workspace.hpp"

namespace ashlar {
template <class Model> struct Adam_has_the_options_lr_betas_eps_weight_decay_amsgrad_maximize : refusal {};
}  // namespace ashlar

namespace ashlar::optim {

struct AdamOptions {
    double lr = 1e-3;
    double betas[2] = {0.9, 0.999};
    double eps = 1e-8;
    double weight_decay = 0;
    bool maximize = false;
};
struct AdamOptionsAmsgrad {
    double lr = 1e-3;
    double betas[2] = {0.9, 0.999};
    double eps = 1e-8;
    double weight_decay = 0;
    bool amsgrad = false;
    bool maximize = false;
};

/// m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2; p - lr / (1 - b1^t) m / (sqrt(v) / sqrt(1 - b2^t) + eps), where
/// amsgrad takes the largest v so far. Weight decay is added to the gradient or, decoupled, shrinks p before.
template <class Options, bool Decoupled> struct adam_moments {
    using options_type = Options;
    static constexpr bool amsgrad = requires(Options o) { o.amsgrad; };
    static constexpr int states = amsgrad ? 3 : 2, numbers = amsgrad ? 9 : 8;
    static constexpr const char* number_names[] = {
        "beta1",  "(1 - beta1)", "beta2", "(1 - beta2)",
        "rate",   "correction",  "eps",   Decoupled ? "kept" : "weight_decay",
        "amsgrad"};
    static constexpr const char* state_names[] = {"m", "v", "max_v"};
    options_type options;
    ashlar::detail::beta_powers power{};

    constexpr void advance(double* number) {
        power.advance(options.betas);
        // Of -g, what weight decay adds and m are the negative of what they are of g: so maximize costs nothing.
        const double sign = options.maximize ? -1 : 1;
        number[0] = options.betas[0];
        number[1] = 1 - options.betas[0];
        number[2] = options.betas[1];
        number[3] = 1 - options.betas[1];
        number[4] = sign * options.lr / (1 - power[0]);
        number[5] = kernels::sqrt(1 - power[1]);
        number[6] = options.eps;
        number[7] = Decoupled ? 1 - options.lr * options.weight_decay : sign * options.weight_decay;
        if constexpr (amsgrad) number[8] = options.amsgrad ? 1 : 0;
    }
    static constexpr value update(auto p, auto g, value* state, const auto* number) {
        const auto decayed = Decoupled ? g : hold(g + number[7] * p);
        const auto m = hold(number[0] * state[0]) + number[1] * decayed;
        const auto v = hold(number[2] * state[1]) + number[3] * decayed * decayed;
        state[0] = m, state[1] = v;
        auto largest = v;
        if constexpr (amsgrad) state[2] = largest = maximum(hold(number[8] * state[2]), v);
        return (Decoupled ? hold(number[7] * p) : p) - number[4] * m / (sqrt(largest) / number[5] + number[6]);
    }
};
using adam_rule = adam_moments<AdamOptions, false>;

/// Adam (Kingma and Ba, arXiv:1412.6980), with weight decay added to the gradient, as in PyTorch. With
/// `.amsgrad = true` (Reddi et al., arXiv:1904.09237) it keeps a third state.
template <class Model, class Rule = adam_rule, class... T> struct Adam
    : optimizer<Model, ashlar::detail::with_transforms<Rule, T...>> {
    using base = optimizer<Model, ashlar::detail::with_transforms<Rule, T...>>;
    using base::base;
};
Adam() -> Adam<ashlar::detail::no_model_given>;
template <class Given, transform... T> Adam(Given&&, AdamOptions = {}, T...)
    -> Adam<ashlar::detail::model_given<Given>, adam_rule, T...>;
template <class Given, transform First, transform... T> Adam(Given&&, First, T...)
    -> Adam<ashlar::detail::model_given<Given>, adam_rule, First, T...>;
template <class Given, std::same_as<AdamOptionsAmsgrad> Options = AdamOptionsAmsgrad, transform... T> Adam(Given&&,
                                                                                                           Options,
                                                                                                           T...)
    -> Adam<ashlar::detail::model_given<Given>, adam_moments<Options, false>, T...>;
template <class Model, class Got = ashlar::detail::options_of_others> Adam(const volatile Model&, Got)
    -> Adam<ashlar::detail::wrong_options<Got, Adam_has_the_options_lr_betas_eps_weight_decay_amsgrad_maximize<Model>>>;

}  // namespace ashlar::optim
