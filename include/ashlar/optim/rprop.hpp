// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/compare.hpp"
#include "ashlar/ops/minimum.hpp"
#include "ashlar/ops/sign.hpp"
#include "ashlar/ops/sub.hpp"
#include "ashlar/ops/where.hpp"
#include "ashlar/optim/workspace.hpp"

namespace ashlar {
template <class Model> struct Rprop_has_the_options_lr_etas_step_sizes_maximize : refusal {};
}  // namespace ashlar

namespace ashlar::optim {

struct RpropOptions {
    double lr = 1e-2;
    double etas[2] = {0.5, 1.2};
    double step_sizes[2] = {1e-6, 50};
    bool maximize = false;
};

/// s, at first lr, grows by etas[1] where g has the sign of the last step's, shrinks by etas[0] where it has the other,
/// and stays within step_sizes; p - sign(g) s, but where the sign changed p stays and g counts as 0 in the next step.
struct rprop_rule {
    using options_type = RpropOptions;
    static constexpr int states = 2, numbers = 6;
    static constexpr const char* number_names[] = {"lr", "direction", "shrink", "grow", "smallest", "largest"};
    static constexpr const char* state_names[] = {"g", "step"};
    options_type options;

    constexpr void advance(double* number) {
        number[0] = options.lr;
        number[1] = options.maximize ? -1 : 1;
        for (int i = 0; i < 2; ++i) number[2 + i] = options.etas[i], number[4 + i] = options.step_sizes[i];
    }
    static constexpr value update(auto p, auto g, auto* state, const auto* number) {
        const auto agree = hold(g * state[0]);
        const auto turned = agree < 0;
        // A choice between numbers would be of float32: here it is of p's type.
        const auto of_type_of_p = [&](auto n) { return ashlar::detail::to_type<decltype(n)>(n, p.type()); };
        const auto shrink = of_type_of_p(number[2]), grow = of_type_of_p(number[3]);
        const auto last = where(eq(state[1], 0), number[0], state[1]);  // a step is 0 before the first one only
        const auto scaled = hold(last * where(turned, shrink, where(agree > 0, grow, 1)));
        state[1] = minimum(maximum(scaled, number[4]), number[5]);
        state[0] = where(turned, 0, g);
        return p - hold(number[1] * sign(state[0]) * state[1]);
    }
};

/// Rprop (Riedmiller and Braun 1993), for whole batches. Schedules do not reach its steps, as in PyTorch.
template <class Model, class... T> struct Rprop : optimizer<Model, ashlar::detail::with_transforms<rprop_rule, T...>> {
    using base = optimizer<Model, ashlar::detail::with_transforms<rprop_rule, T...>>;
    using base::base;
};
Rprop() -> Rprop<ashlar::detail::no_model_given>;
template <class Given, transform... T> Rprop(Given&&, RpropOptions = {}, T...)
    -> Rprop<ashlar::detail::model_given<Given>, T...>;
template <class Given, transform First, transform... T> Rprop(Given&&, First, T...)
    -> Rprop<ashlar::detail::model_given<Given>, First, T...>;
template <class Model, class Got = ashlar::detail::options_of_others> Rprop(const volatile Model&, Got)
    -> Rprop<ashlar::detail::wrong_options<Got, Rprop_has_the_options_lr_etas_step_sizes_maximize<Model>>>;

}  // namespace ashlar::optim
