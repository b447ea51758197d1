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
template <class Model, class Rule = adamw_rule> struct AdamW : optimizer<Model, Rule> {
    using optimizer<Model, Rule>::optimizer;
};
AdamW() -> AdamW<ashlar::detail::no_model_given>;
template <class Given> AdamW(Given&&, AdamWOptions = {}) -> AdamW<ashlar::detail::model_given<Given>>;
template <class Given, std::same_as<AdamWOptionsAmsgrad> Options = AdamWOptionsAmsgrad> AdamW(Given&&, Options)
    -> AdamW<ashlar::detail::model_given<Given>, adam_moments<Options, true>>;
template <class Model, class Got = ashlar::detail::options_of_others> AdamW(const volatile Model&, Got) -> AdamW<
    ashlar::detail::wrong_options<Got, AdamW_has_the_options_lr_betas_eps_weight_decay_amsgrad_maximize<Model>>>;

}  // namespace ashlar::optim
