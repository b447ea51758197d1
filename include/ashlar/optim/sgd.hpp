// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/mul.hpp"
#include "ashlar/ops/sub.hpp"
#include "ashlar/optim/workspace.hpp"

namespace ashlar {
template <class Model> struct SGD_has_the_options_lr_momentum_dampening_weight_decay_nesterov_maximize : refusal {};
}  // namespace ashlar

namespace ashlar::optim {

/// Only a learning rate: no state.
struct learning_rate {
    double lr = 1e-3;
    bool maximize = false;
};

struct SGDOptions {
    double lr = 1e-3;
    double momentum = 0;
    double dampening = 0;
    double weight_decay = 0;
    bool nesterov = false;
    bool maximize = false;
};

/// p - lr g.
struct plain_sgd {
    using options_type = learning_rate;
    static constexpr bool leaves_rows_without_gradient = true;
    static constexpr int states = 0, numbers = 1;
    static constexpr const char* number_names[] = {"lr"};
    options_type options;

    constexpr void advance(double* number) { number[0] = options.maximize ? -options.lr : options.lr; }
    static constexpr value update(auto p, auto g, value*, const auto* number) { return p - number[0] * g; }
};

/// g + weight_decay p; m = momentum m + (1 - dampening) g, the first time m = g; p - lr (nesterov ? g + momentum m :
/// m).
struct momentum_sgd {
    using options_type = SGDOptions;
    static constexpr int states = 1, numbers = 6;
    static constexpr const char* number_names[] = {"lr",       "weight_decay", "momentum", "(1 - dampening)",
                                                   "nesterov", "lookahead"};
    static constexpr const char* state_names[] = {"momentum"};
    options_type options;
    bool begun = false;

    /// PyTorch's condition; otherwise `ashlar::error`.
    static constexpr void check_options(const options_type& o) {
        if (o.nesterov && (o.momentum <= 0 || o.dampening != 0))
            ashlar::detail::raise_error("SGD: nesterov needs a momentum and no dampening");
    }

    constexpr void advance(double* number) {
        const bool straight = options.momentum == 0;
        const double sign = options.maximize ? -1 : 1;  // of the gradient, and so of m: see adam.hpp
        number[0] = sign * options.lr;
        number[1] = sign * options.weight_decay;
        number[2] = begun ? options.momentum : 0;
        number[3] = begun && !straight ? 1 - options.dampening : 1;
        number[4] = options.nesterov ? 1 : 0;
        number[5] = options.nesterov ? options.momentum : 1;
        begun = true;
    }
    static constexpr value update(auto p, auto g, auto* m, const auto* number) {
        const auto decayed = hold(g + number[1] * p);
        m[0] = hold(number[2] * m[0]) + number[3] * decayed;
        return p - number[0] * hold(hold(number[4] * decayed) + number[5] * m[0]);
    }
};

/// Stochastic gradient descent (Sutskever et al. 2013 for momentum, as PyTorch applies it). `SGD{model, {.lr = 0.5}}`
/// keeps no state; with any other option it keeps one momentum buffer of the model's layout.
template <class Model, class Rule, class... T> struct SGD
    : optimizer<Model, ashlar::detail::with_transforms<Rule, T...>> {
    using base = optimizer<Model, ashlar::detail::with_transforms<Rule, T...>>;
    using base::base;
};
SGD() -> SGD<ashlar::detail::no_model_given, plain_sgd>;
template <class Given, transform... T> SGD(Given&&, learning_rate = {}, T...)
    -> SGD<ashlar::detail::model_given<Given>, plain_sgd, T...>;
template <class Given, transform First, transform... T> SGD(Given&&, First, T...)
    -> SGD<ashlar::detail::model_given<Given>, plain_sgd, First, T...>;
// The less special: only options that `learning_rate` does not have come here.
template <class Given, std::same_as<SGDOptions> Options = SGDOptions, transform... T> SGD(Given&&, Options, T...)
    -> SGD<ashlar::detail::model_given<Given>, momentum_sgd, T...>;
template <class Model, class Got = ashlar::detail::options_of_others> SGD(const volatile Model&, Got) -> SGD<
    ashlar::detail::wrong_options<Got, SGD_has_the_options_lr_momentum_dampening_weight_decay_nesterov_maximize<Model>>,
    plain_sgd>;

}  // namespace ashlar::optim
