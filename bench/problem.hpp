// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "rows.hpp"

#include <type_traits>

// What the contenders of a row are given, and what they must arrive at, in C++17.
namespace bench {

/// Inference of one input vector.
template <class Activation, std::size_t In, std::size_t... Widths> struct inference_problem {
    using network_type = network<float, Activation, 1, In, Widths...>;
    static constexpr std::size_t out = (Widths, ...);

    network_type plain;
    alignas(64) float x[In];
    std::vector<double> reference;

    inference_problem() {
        static network<double, Activation, 1, In, Widths...> exact;
        draw(plain);
        fill(x, In, 11);
        copy_weights(plain, exact);
        const std::vector<double> input(x, x + In);
        const double* last = loop_forward(exact, input.data());
        reference.assign(last, last + out);
    }

    /// Checks the outputs that `run()` points to, then measures it.
    template <class Run> void compare(benchmark::State& state, Run run) {
        if (!agrees(state, run(), reference, 1e-5)) return;
        measure(state, [&] { benchmark::DoNotOptimize(run()); });
        count(state, "FLOPS", 2 * products_of(plain));
    }
};

constexpr int checked_steps = 20;
constexpr double rate = 0.01;

/// Stochastic gradient descent: some steps from the same weights must lead all contenders to the same weights and loss.
template <class Loss, class Activation, std::size_t Batch, std::size_t In, std::size_t... Widths>
struct training_problem {
    using network_type = network<float, Activation, Batch, In, Widths...>;
    static constexpr std::size_t out = (Widths, ...);
    static constexpr bool classifies = std::is_same_v<Loss, cross_entropy>;

    network_type start;
    alignas(64) float x[Batch * In];
    alignas(64) float y[Batch * out];  // of classes, one-hot
    int classes[Batch];
    std::vector<double> reference;  // the loss, then the weights

    training_problem() {
        draw(start);
        fill(x, Batch * In, 21);
        fill(y, Batch * out, 22);
        for (std::size_t i = 0; i < Batch; ++i) {
            classes[i] = static_cast<int>((7 * i + 3) % out);
            if (classifies)
                for (std::size_t j = 0; j < out; ++j)
                    y[i * out + j] = j == static_cast<std::size_t>(classes[i]) ? 1.f : 0.f;
        }
        static network<double, Activation, Batch, In, Widths...> exact;
        copy_weights(start, exact);
        const std::vector<double> input(x, x + Batch * In), target(y, y + Batch * out);
        reference.push_back(0);
        for (int i = 0; i < checked_steps; ++i)
            reference[0] = loop_step<Loss, double>(exact, input.data(), target.data(), nullptr, rate);
        append_weights(exact, reference);
    }

    /// Makes the checked steps, then measures more of them. `append(all)` appends a contender's weights.
    template <class Step, class Append> void compare(benchmark::State& state, Step step, Append append) {
        float loss = 0;
        for (int i = 0; i < checked_steps; ++i) loss = step();
        std::vector<double> all{static_cast<double>(loss)};
        append(all);
        if (all.size() != reference.size()) return state.SkipWithError("not all weights are there");
        if (!agrees(state, all.data(), reference, 1e-5)) return;
        measure(state, [&] { benchmark::DoNotOptimize(step()); });
        // forward, weights, and the inputs of all layers but the first
        count(state, "FLOPS", Batch * (6 * products_of(start) - 2 * start.products));
    }
};

}  // namespace bench
