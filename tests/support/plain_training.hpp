// SPDX-License-Identifier: BSL-1.0
// Training in double: the layers of plain_layers.hpp, their gradients, and PyTorch's rules for an update.
#pragma once

#include "support/plain_activations.hpp"
#include "support/plain_attention.hpp"
#include "support/plain_norms.hpp"

#include <functional>

namespace support::plain {

/// A rule for one weight, its derivative and what is kept of it; t: the number of this step, from 1 on.
struct rule {
    virtual ~rule() = default;
    virtual void update(double& p, double g, double (&state)[2], int t) const = 0;
};

struct sgd_options {
    double lr = 1e-3, momentum = 0, dampening = 0, weight_decay = 0;
    bool nesterov = false;
};
/// torch.optim.SGD, with its names and defaults.
struct sgd : rule, sgd_options {
    explicit sgd(const sgd_options& o) : sgd_options{o} {}
    void update(double& p, double g, double (&state)[2], int t) const override {
        g = rounded(g + rounded(weight_decay * p));
        if (momentum != 0) {
            state[0] = t == 1 ? g : rounded(rounded(momentum * state[0]) + rounded((1 - dampening) * g));
            g = nesterov ? rounded(g + rounded(momentum * state[0])) : state[0];
        }
        p = rounded(p - rounded(lr * g));
    }
};

struct adam_options {
    double lr = 1e-3;
    double betas[2] = {0.9, 0.999};
    double eps = 1e-8, weight_decay = 0;
};
/// torch.optim.Adam.
struct adam : rule, adam_options {
    explicit adam(const adam_options& o) : adam_options{o} {}
    void update(double& p, double g, double (&state)[2], int t) const override {
        g = rounded(g + rounded(weight_decay * p));
        state[0] = rounded(rounded(betas[0] * state[0]) + rounded((1 - betas[0]) * g));
        state[1] = rounded(rounded(betas[1] * state[1]) + rounded((1 - betas[1]) * g * g));
        const double rate = lr / (1 - std::pow(betas[0], t)),
                     root = rounded(std::sqrt(state[1])) / std::sqrt(1 - std::pow(betas[1], t));
        p = rounded(p - rounded(rate * state[0] / rounded(root + eps)));
    }
};

/// What came out: the result of the evaluation form for the first weights, the loss of every step, weights and buffers
/// after the last.
struct history {
    std::vector<double> result, losses;
    std::vector<std::vector<double>> weights, buffers;
};

/// A model and a loss as functions: `run` of plain_layers.hpp.
using plain_model = std::function<tensor(const tensor&, parameters&)>;
using plain_loss = std::function<number(const tensor&)>;

inline history train(const plain_model& model, const tensor& x, const plain_loss& loss, const rule& by, int steps) {
    history h;
    parameters p;
    struct pair_of_states {
        double of[2] = {0, 0};
    };
    std::vector<std::vector<pair_of_states>> state;
    tape.clear(), p.training = false;
    for (const number& v : model(x, p).at) h.result.push_back(v.value);
    p.training = true;
    for (int t = 1; t <= steps; ++t) {
        tape.clear(), p.rewind();
        const number value = loss(model(x, p));
        h.losses.push_back(value.value);
        const std::vector<double> slopes = derivatives(value);
        for (std::size_t k = 0; k < p.now.size(); ++k) {
            if (state.size() == k) state.emplace_back(p.now[k].size());
            for (std::size_t i = 0; i < p.now[k].size(); ++i)
                by.update(p.value[k][i], slopes[static_cast<std::size_t>(p.now[k][i].at)], state[k][i].of, t);
        }
    }
    h.weights = p.value, h.buffers = p.buffers;
    return h;
}

/// How much an operation in T rounds, relative to its result.
template <class T> inline constexpr double noise_in = 0x1p-23;
template <> inline constexpr double noise_in<double> = 0x1p-51;  // the loops round by a part of that themselves

/// Numbers that belong together, and how far from them a calculation in float, or in double, may be.
struct expectation {
    std::vector<double> value;
    double tolerance = 0;

    /// Another calculation of the same, in which every operation rounded by `noise`.
    void widen(const std::vector<double>& other) {
        double most = 0, spread = 0;
        for (std::size_t i = 0; i < other.size(); ++i) {
            most = std::max(most, std::abs(value[i]));
            spread = std::max(spread, std::abs(value[i] - other[i]));
        }
        tolerance = std::max(tolerance, 8 * spread + 8.5 * noise * most + 1e-30);
    }
    /// The first number that is too far off, or -1.
    std::ptrdiff_t first_difference(const auto* got, std::size_t n) const {
        if (n != value.size()) return 0;
        for (std::size_t i = 0; i < n; ++i) {
            const double g = static_cast<double>(got[i]);
            if (g != value[i] && !(std::isnan(g) && std::isnan(value[i])) && !(std::abs(g - value[i]) <= tolerance))
                return static_cast<std::ptrdiff_t>(i);
        }
        return -1;
    }
};
inline constexpr double float_noise = noise_in<float>;
inline constexpr int noisy_runs = 3;

/// The exact values, and the spread of runs in which every operation rounds as in float, or by another noise.
struct expected_history {
    expectation result, losses;
    std::vector<expectation> weights, buffers;

    explicit expected_history(const std::function<history()>& run, double as_in = float_noise) {
        noise = 0;
        const history exact = run();
        result.value = exact.result, losses.value = exact.losses;
        for (const auto& w : exact.weights) weights.push_back({w, 0});
        for (const auto& b : exact.buffers) buffers.push_back({b, 0});
        noise = as_in;
        for (int i = 0; i < noisy_runs; ++i) {
            const history other = run();
            result.widen(other.result), losses.widen(other.losses);
            for (std::size_t k = 0; k < weights.size(); ++k) weights[k].widen(other.weights[k]);
            for (std::size_t k = 0; k < buffers.size(); ++k) buffers[k].widen(other.buffers[k]);
        }
        noise = 0;
    }
};

/// The values of the evaluation form alone.
inline expectation expected_values(const plain_model& model, const tensor& x) {
    const auto run = [&] {
        tape.clear();
        parameters p;
        p.training = false;
        std::vector<double> values;
        for (const number& v : model(x, p).at) values.push_back(v.value);
        return values;
    };
    expectation e{run(), 0};
    noise = float_noise;
    for (int i = 0; i < noisy_runs; ++i) e.widen(run());
    noise = 0;
    return e;
}

}  // namespace support::plain
