// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/clamp.hpp"
#include "ashlar/ops/compare.hpp"
#include "ashlar/ops/minimum.hpp"
#include "ashlar/ops/sqrt.hpp"
#include "ashlar/optim/optimizer.hpp"

// Transforms: what may stand behind the options of an optimizer, any number of them.
//     optim::AdamW opt{model, {.lr = 1e-3f}, optim::clip_grad_norm(1.0f), optim::moving_average(0.999f)};
namespace ashlar::optim {

/// All gradients times min(1, max_norm / (norm + 1e-6)), where norm is that of all elements together: what
/// `clip_grad_norm(gradients, max_norm)` does in the long form. No parameter is updated before all gradients are known.
struct clipped_norm : ashlar::detail::basic_transform {
    double max_norm = 1;
    template <class Rule> static constexpr int numbers = 1;
    static constexpr const char* number_names[] = {"max_norm"};

    template <class Rule> constexpr void advance(const Rule&, double* number) const { number[0] = max_norm; }
    template <class V> static constexpr void gradients(graph& g, list<int>& all, const value* number) {
        // In double, as sums of float in another order would not be the same number.
        V total{&g, g.constant(0, dtype::float64)};
        for (const int id : all) {
            if (id < 0) continue;
            const V x = ashlar::detail::to_type<V>({&g, id}, dtype::float64);
            const int axes = (1 << x.extents().rank) - 1;
            total = total + reduce_value<sum_op>(V{x * x}, axes, axes);
        }
        const V scale = minimum(V{number[0]} / (sqrt(total) + 1e-6), 1.0);
        for (int& id : all)
            if (id >= 0) {
                const V x{&g, id};
                id = hold(V{x * ashlar::detail::to_type<V>(scale, x.type())}).id;
            }
    }
};
constexpr clipped_norm clip_grad_norm(double max_norm) {
    clipped_norm t;
    return t.max_norm = max_norm, t;
}

/// Every element of the gradients into [-clip_value, clip_value].
struct clipped_values : ashlar::detail::basic_transform {
    double clip_value = 1;
    template <class Rule> static constexpr int numbers = 1;
    static constexpr const char* number_names[] = {"clip_value"};

    template <class Rule> constexpr void advance(const Rule&, double* number) const { number[0] = clip_value; }
    template <class V> static constexpr void gradients(graph& g, list<int>& all, const value* number) {
        const V bound{number[0]};
        for (int& id : all)
            if (id >= 0) id = clamp(V{&g, id}, -bound, bound).id;
    }
};
constexpr clipped_values clip_grad_value(double clip_value) {
    clipped_values t;
    return t.clip_value = clip_value, t;
}

/// Gradients of matrices and kernels less their mean over all axes but the first (Yong et al., arXiv:2004.01461).
struct centralized : ashlar::detail::basic_transform {
    template <class V> static constexpr void gradients(graph& g, list<int>& all, const value*) {
        for (int& id : all) {
            if (id < 0 || g.shape_of(id).rank < 2) continue;
            const V x{&g, id};
            const int axes = ((1 << x.extents().rank) - 1) & ~1;
            const double share = static_cast<double>(x.extents()[0]) / static_cast<double>(x.extents().size());
            id = hold(V{x - reduce_value<sum_op>(x, axes, 0) * share}).id;
        }
    }
};
constexpr centralized centralize_gradients() { return {}; }

/// A second model, `optimizer.averaged()`, whose parameters follow those of the first: after each step
/// decay * average + (1 - decay) * parameter, after the first step the parameter itself, as in PyTorch's AveragedModel.
/// It begins as a copy of the model; its buffers stay as they are.
struct averaged_exponentially : ashlar::detail::basic_transform {
    double decay = 0.999;
    bool begun = false;
    static constexpr int states = 1;
    template <class Rule> static constexpr int numbers = 2;
    static constexpr bool averages = true;
    static constexpr const char *number_names[] = {"decay", "(1 - decay)"}, *state_names[] = {"averaged"};

    template <class Rule> constexpr void advance(const Rule&, double* number) {
        number[0] = begun ? decay : 0, number[1] = 1 - number[0];
        begun = true;
    }
    template <class V> static constexpr V after(const V&, const V& updated, value* state, const value* number) {
        state[0] = hold(V{number[0]} * V{state[0]}) + V{number[1]} * updated;
        return updated;
    }
};
constexpr averaged_exponentially moving_average(double decay) {
    averaged_exponentially t;
    return t.decay = decay, t;
}

struct WeightAverageOptions {
    long long start = 0;  // steps in which the average only follows the model
    long long every = 1;  // one step of so many counts
};
/// The same with the mean of all parameters that count (stochastic weight averaging, Izmailov et al.,
/// arXiv:1803.05407): average + (parameter - average) / (n + 1).
struct averaged_equally : ashlar::detail::basic_transform {
    WeightAverageOptions options;
    long long step = 0, counted = 0;
    static constexpr int states = 1;
    template <class Rule> static constexpr int numbers = 1;
    static constexpr bool averages = true;
    static constexpr const char *number_names[] = {"1 / (n + 1)"}, *state_names[] = {"averaged"};

    template <class Rule> constexpr void advance(const Rule&, double* number) {
        const long long past = ++step - options.start;
        if (past <= 0) number[0] = 1;
        else if (past % options.every == 0) number[0] = 1 / static_cast<double>(++counted);
        else number[0] = counted == 0 ? 1 : 0;
    }
    template <class V> static constexpr V after(const V&, const V& updated, value* state, const value* number) {
        const V before{state[0]};
        state[0] = before + V{number[0]} * (updated - before);
        return updated;
    }
};
constexpr averaged_equally weight_average(const WeightAverageOptions& options = {}) {
    if (options.every < 1) ashlar::detail::raise_error("weight_average: every is ", options.every, ", not 1 or more");
    averaged_equally t;
    return t.options = options, t;
}

/// Every k steps the parameters go back to slow + alpha (fast - slow), which is the next slow (Zhang et al.,
/// arXiv:1907.08610). Slow begins as the model.
struct looking_ahead : ashlar::detail::basic_transform {
    int k = 5;
    double alpha = 0.5;
    long long step = 0;
    static constexpr int states = 1;
    template <class Rule> static constexpr int numbers = 2;
    static constexpr const char *number_names[] = {"returns", "alpha"}, *state_names[] = {"slow"};

    template <class Rule> constexpr void advance(const Rule&, double* number) {
        number[0] = ++step % k == 0 ? 1 : 0, number[1] = alpha;
    }
    template <class V> static constexpr V after(const V&, const V& updated, value* state, const value* number) {
        const V slow{state[0]}, returned = slow + V{number[1]} * (updated - slow);
        const V returns = V{number[0]} > 0.5;
        state[0] = where(returns, returned, slow);
        return where(returns, returned, updated);
    }
};
constexpr looking_ahead lookahead(int k = 5, double alpha = 0.5) {
    if (k < 1) ashlar::detail::raise_error("lookahead: k is ", k, ", not 1 or more");
    looking_ahead t;
    return t.k = k, t.alpha = alpha, t;
}

// ---- parts of a model -----------------------------------------------------------------------------------------------

/// Parameters at these paths, or below them, are neither updated nor have they a gradient in the step:
/// `optim::freeze<"0", "2.bias">`.
template <fixed_string... Paths> struct frozen_paths : ashlar::detail::at_paths<Paths...> {
    template <class Model> static constexpr bool is_frozen(int parameter) {
        return ashlar::detail::has_path<Model, Paths...>(parameter);
    }
};
template <fixed_string... Paths> inline constexpr frozen_paths<Paths...> freeze{};

/// What a group sets; what it does not is the optimizer's.
struct GroupOptions {
    static constexpr double unset = -1;
    double lr = unset, weight_decay = unset;
};
/// Parameters at these paths with options of their own: `optim::group<"2", "0.bias">({.lr = 0.01f})`. A schedule, and
/// `set_lr`, scale the rate of a group as they do the optimizer's; beside an optimizer that begins with a rate of 0 it
/// stays what it is.
template <fixed_string... Paths> struct grouped : ashlar::detail::at_paths<Paths...> {
    GroupOptions options;
    double rate = 0;  // of the optimizer, at first
    template <class Rule> static constexpr int numbers = Rule::numbers;
    static constexpr bool is_group = true;

    template <class Rule> constexpr void begin(const Rule& rule) {
        rate = rule.options.lr;
        if (options.weight_decay >= 0 && !requires { rule.options.weight_decay; })
            ashlar::detail::raise_error(
                "a group has a weight_decay, but its optimizer keeps none: state .weight_decay = "
                "0 among the optimizer's options");
    }
    template <class Rule> constexpr void advance(const Rule& rule, double* number) const {
        Rule own = rule;
        if (options.lr >= 0) own.options.lr = rate > 0 ? options.lr * (rule.options.lr / rate) : options.lr;
        if constexpr (requires { own.options.weight_decay; })
            if (options.weight_decay >= 0) own.options.weight_decay = options.weight_decay;
        own.advance(number);
    }
    template <class Model> static constexpr bool has(int parameter) {
        return ashlar::detail::has_path<Model, Paths...>(parameter);
    }
};
template <fixed_string... Paths> constexpr grouped<Paths...> group(const GroupOptions& options) {
    grouped<Paths...> g;
    return g.options = options, g;
}

}  // namespace ashlar::optim
