// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/add.hpp"
#include "ashlar/ops/div.hpp"
#include "ashlar/ops/sqrt.hpp"
#include "ashlar/ops/sub.hpp"
#include "ashlar/optim/workspace.hpp"

namespace ashlar {
template <class Model>
struct RMSprop_has_the_options_lr_alpha_eps_weight_decay_momentum_centered_maximize : refusal {};
}  // namespace ashlar

namespace ashlar::optim {

struct RMSpropOptions {
    double lr = 1e-2;
    double alpha = 0.99;
    double eps = 1e-8;
    double weight_decay = 0;
    bool maximize = false;
};
struct RMSpropOptionsMomentum {
    double lr = 1e-2;
    double alpha = 0.99;
    double eps = 1e-8;
    double weight_decay = 0;
    double momentum = 0;
    bool maximize = false;
};
struct RMSpropOptionsCentered {
    double lr = 1e-2;
    double alpha = 0.99;
    double eps = 1e-8;
    double weight_decay = 0;
    double momentum = 0;
    bool centered = false;
    bool maximize = false;
};

/// v = alpha v + (1 - alpha) g^2; p - lr g / (sqrt(v) + eps). Centered: a = alpha a + (1 - alpha) g, and v - a^2 in
/// place of v. With momentum: b = momentum b + g / (sqrt(v) + eps); p - lr b.
template <class Options> struct rmsprop_rule {
    using options_type = Options;
    static constexpr bool with_momentum = requires(Options o) { o.momentum; };
    static constexpr bool centered = requires(Options o) { o.centered; };
    static constexpr int states = 1 + int{with_momentum} + int{centered}, numbers = 4 + states;
    static constexpr const char* number_names[] = {"alpha",        "(1 - alpha)", "rate",    "eps",
                                                   "weight_decay", "momentum",    "centered"};
    static constexpr const char* state_names[] = {"v", "momentum", "mean"};
    options_type options;

    constexpr void advance(double* number) {
        const double sign = options.maximize ? -1 : 1;
        number[0] = options.alpha;
        number[1] = 1 - options.alpha;
        number[2] = sign * options.lr;
        number[3] = options.eps;
        number[4] = sign * options.weight_decay;
        if constexpr (with_momentum) number[5] = options.momentum;
        if constexpr (centered) number[6] = options.centered ? 1 : 0;
    }
    static constexpr value update(auto p, auto g, auto* state, const auto* number) {
        const auto decayed = hold(g + number[4] * p);
        state[0] = hold(number[0] * state[0]) + number[1] * decayed * decayed;
        auto square = state[0];
        if constexpr (centered) {
            const auto mean = state[2] = hold(number[0] * state[2]) + number[1] * decayed;
            square = square - hold(number[6] * mean) * mean;
        }
        if constexpr (!with_momentum) return p - number[2] * decayed / (sqrt(square) + number[3]);
        const auto step = hold(decayed / (sqrt(square) + number[3]));
        if constexpr (with_momentum) {
            state[1] = number[5] * state[1] + step;
            return p - number[2] * state[1];
        }
    }
};

/// RMSprop (Hinton's lecture 6, 2012; centered: Graves, arXiv:1308.0850). `.momentum` and `.centered` keep a state
/// each.
template <class Model, class Options = RMSpropOptions, class... T> struct RMSprop
    : optimizer<Model, ashlar::detail::with_transforms<rmsprop_rule<Options>, T...>> {
    using base = optimizer<Model, ashlar::detail::with_transforms<rmsprop_rule<Options>, T...>>;
    using base::base;
};
RMSprop() -> RMSprop<ashlar::detail::no_model_given>;
template <class Given, transform... T> RMSprop(Given&&, RMSpropOptions = {}, T...)
    -> RMSprop<ashlar::detail::model_given<Given>, RMSpropOptions, T...>;
template <class Given, transform First, transform... T> RMSprop(Given&&, First, T...)
    -> RMSprop<ashlar::detail::model_given<Given>, RMSpropOptions, First, T...>;
template <class Given, std::same_as<RMSpropOptionsMomentum> Options = RMSpropOptionsMomentum, transform... T> RMSprop(
    Given&&, Options, T...) -> RMSprop<ashlar::detail::model_given<Given>, Options, T...>;
// `volatile`: only `.centered` comes here.
template <class Model, transform... T> RMSprop(volatile Model&, RMSpropOptionsCentered, T...)
    -> RMSprop<Model, RMSpropOptionsCentered, T...>;
template <class Model, class Got = ashlar::detail::options_of_others> RMSprop(const volatile Model&, Got)
    -> RMSprop<ashlar::detail::wrong_options<
        Got, RMSprop_has_the_options_lr_alpha_eps_weight_decay_momentum_centered_maximize<Model>>>;

}  // namespace ashlar::optim
