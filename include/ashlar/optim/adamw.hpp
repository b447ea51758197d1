// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/optim/adam.hpp"

namespace ashlar {
template <class Model> struct AdamW_has_the_options_lr_betas_eps_weight_decay_amsgrad_maximize : refusal {};
}  // namespace ashlar

namespace ashlar::optim {

struct AdamWOptions {
    double lr = 1e-3;
    double betas[2] = {0.9, 0.999};
    double eps = 1e-8;
    double weight_decay = 1e-2;
    bool maximize = false;
};
struct AdamWOptionsAmsgrad {
    double lr = 1e-3;
    double betas[2] = {0.9, 0.999};
    double eps = 1e-8;
    double weight_decay = 1e-2;
    bool amsgrad = false;
    bool maximize = false;
};
using adamw_rule = adam_moments<AdamWOptions, true>;

/// Adam after p (1 - lr weight_decay) (Loshchilov and Hutter, arXiv:1711.05101). With `.amsgrad = true` it keeps a
/// third state.
template <class Model, class Rule = adamw_rule, class... T> struct AdamW
    : optimizer<Model, ashlar::detail::with_transforms<Rule, T...>> {
    using base = optimizer<Model, ashlar::detail::with_transforms<Rule, T...>>;
    using base::base;
};
AdamW() -> AdamW<ashlar::detail::no_model_given>;
template <class Given, transform... T> AdamW(Given&&, AdamWOptions = {}, T...)
    -> AdamW<ashlar::detail::model_given<Given>, adamw_rule, T...>;
template <class Given, transform First, transform... T> AdamW(Given&&, First, T...)
    -> AdamW<ashlar::detail::model_given<Given>, adamw_rule, First, T...>;
template <class Given, std::same_as<AdamWOptionsAmsgrad> Options = AdamWOptionsAmsgrad, transform... T> AdamW(Given&&,
                                                                                                              Options,
                                                                                                              T...)
    -> AdamW<ashlar::detail::model_given<Given>, adam_moments<Options, true>, T...>;
template <class Model, class Got = ashlar::detail::options_of_others> AdamW(const volatile Model&, Got) -> AdamW<
    ashlar::detail::wrong_options<Got, AdamW_has_the_options_lr_betas_eps_weight_decay_amsgrad_maximize<Model>>>;

}  // namespace ashlar::optim
