// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "problem.hpp"

#include <algorithm>

// A convolutional network as plain loops, C++17: images 1 x 28 x 28, convolution to 8 channels (5 x 5), ReLU, maximum
// of 2 x 2, convolution to 16 channels (5 x 5), ReLU, maximum of 2 x 2, linear to 10 classes. It is the reference in
// double and a contender in float. Layouts are PyTorch's, but for the linear weight, which is [in][out].
namespace bench {

/// Convolution to Out channels, ReLU and maximum of 2 x 2 of one image of In channels, Size x Size.
template <class T, std::size_t In, std::size_t Out, std::size_t Size> struct stage {
    static constexpr std::size_t kernel = 5, wide = Size - kernel + 1, pooled = wide / 2;
    static constexpr std::size_t inputs = In * Size * Size, outputs = Out * pooled * pooled;
    static constexpr std::size_t weights = Out * In * kernel * kernel;

    /// `which` says what each maximum is of, 4 where it is not positive; null when nobody wants to know.
    static void forward(const T* __restrict weight, const T* __restrict bias, const T* __restrict x, T* __restrict to,
                        unsigned char* __restrict which) {
        T rows[2][block][wide];
        for (std::size_t o = 0; o < Out; o += block)
            for (std::size_t y = 0; y < pooled; ++y) {
                for (std::size_t r = 0; r < 2; ++r)
                    convolve(weight + o * In * kernel * kernel, bias + o, x + (2 * y + r) * Size, rows[r]);
                for (std::size_t k = 0; k < block; ++k) {
                    const std::size_t first = ((o + k) * pooled + y) * pooled;
                    for (std::size_t i = 0; i < pooled; ++i) {
                        const T upper = std::max(rows[0][k][2 * i], rows[0][k][2 * i + 1]);
                        const T lower = std::max(rows[1][k][2 * i], rows[1][k][2 * i + 1]);
                        to[first + i] = std::max(std::max(upper, lower), T(0));
                    }
                    if (which == nullptr) continue;
                    for (std::size_t i = 0; i < pooled; ++i) {
                        const T value = to[first + i];
                        const bool third = rows[1][k][2 * i] == value, second = rows[0][k][2 * i + 1] == value;
                        const int lower = third ? 2 : 3, upper = second ? 1 : lower;
                        which[first + i] = static_cast<unsigned char>(!(value > 0)                 ? 4
                                                                      : rows[0][k][2 * i] == value ? 0
                                                                                                   : upper);
                    }
                }
            }
    }

    /// Adds to the weights' derivatives; writes the derivative before the convolution unless `x_delta` is null.
    static void backward(const T* __restrict weight, const T* __restrict x, const T* __restrict pooled_delta,
                         const unsigned char* __restrict which, T* __restrict weight_delta, T* __restrict bias_delta,
                         T* __restrict x_delta) {
        T delta[wide * wide];
        if (x_delta != nullptr) std::fill(x_delta, x_delta + inputs, T(0));
        for (std::size_t o = 0; o < Out; ++o) {
            std::fill(delta, delta + wide * wide, T(0));
            for (std::size_t y = 0; y < pooled; ++y)
                for (std::size_t i = 0; i < pooled; ++i) {
                    const std::size_t from = (o * pooled + y) * pooled + i;
                    if (which[from] == 4) continue;
                    delta[(2 * y + which[from] / 2) * wide + 2 * i + which[from] % 2] = pooled_delta[from];
                    bias_delta[o] += pooled_delta[from];
                }
            for (std::size_t c = 0; c < In; ++c)
                for (std::size_t ky = 0; ky < kernel; ++ky)
                    for (std::size_t kx = 0; kx < kernel; ++kx) {
                        const std::size_t w = ((o * In + c) * kernel + ky) * kernel + kx;
                        const std::size_t first = (c * Size + ky) * Size + kx;
                        T sums[wide] = {};
                        for (std::size_t y = 0; y < wide; ++y)
                            for (std::size_t i = 0; i < wide; ++i)
                                sums[i] += delta[y * wide + i] * x[first + y * Size + i];
                        for (T sum : sums) weight_delta[w] += sum;
                        if (x_delta == nullptr) continue;
                        for (std::size_t y = 0; y < wide; ++y)
                            for (std::size_t i = 0; i < wide; ++i)
                                x_delta[first + y * Size + i] += weight[w] * delta[y * wide + i];
                    }
        }
    }

private:
    // So many channels at once that their rows fill the registers.
    static constexpr std::size_t block = wide > 8 ? 4 : 8;

    static void convolve(const T* __restrict weight, const T* __restrict bias, const T* __restrict x,
                         T (&to)[block][wide]) {
        T sums[block][wide];
        for (std::size_t k = 0; k < block; ++k)
            for (std::size_t i = 0; i < wide; ++i) sums[k][i] = bias[k];
        for (std::size_t c = 0; c < In; ++c)
            for (std::size_t ky = 0; ky < kernel; ++ky)
                for (std::size_t kx = 0; kx < kernel; ++kx) {
                    const T* __restrict from = x + (c * Size + ky) * Size + kx;
#ifdef __clang__  // so it keeps the rows in registers; g++ does by itself, and would not if it were told to
    #pragma clang loop unroll(full)
#endif
                    for (std::size_t k = 0; k < block; ++k) {
                        const T w = weight[((k * In + c) * kernel + ky) * kernel + kx];
#ifdef __clang__
    #pragma clang loop unroll(full)
#endif
                        for (std::size_t i = 0; i < wide; ++i) sums[k][i] += w * from[i];
                    }
                }
        for (std::size_t k = 0; k < block; ++k)
            for (std::size_t i = 0; i < wide; ++i) to[k][i] = sums[k][i];
    }
};

/// All parameters, one after the other; the derivatives have the same structure.
template <class T> struct lenet_weights {
    static constexpr std::size_t first = 0, first_bias = first + 8 * 25;
    static constexpr std::size_t second = first_bias + 8, second_bias = second + 16 * 8 * 25;
    static constexpr std::size_t linear = second_bias + 16, linear_bias = linear + 256 * 10;
    static constexpr std::size_t count = linear_bias + 10;

    T all[count];

    T* at(std::size_t part) { return all + part; }
    const T* at(std::size_t part) const { return all + part; }
};

template <class T, std::size_t Batch> struct lenet {
    using first_stage = stage<T, 1, 8, 28>;
    using second_stage = stage<T, 8, 16, 12>;
    static constexpr std::size_t image = 28 * 28, classes = 10, features = second_stage::outputs;
    static constexpr double products = 576.0 * 8 * 25 + 64.0 * 16 * 8 * 25 + 2560;  // multiplications for one image
    static_assert(features == 256, "16 x 4 x 4");

    using layout = lenet_weights<T>;
    lenet_weights<T> weights, gradients;
    T small[Batch][first_stage::outputs], smaller[Batch][features], logits[Batch * classes];
    unsigned char small_which[Batch][first_stage::outputs], smaller_which[Batch][features];
    T logits_delta[Batch * classes], smaller_delta[features], small_delta[first_stage::outputs];

    template <bool Trains = false> const T* forward(const T* x) {
        for (std::size_t b = 0; b < Batch; ++b) {
            first_stage::forward(weights.at(layout::first), weights.at(layout::first_bias), x + b * image, small[b],
                                 Trains ? small_which[b] : nullptr);
            second_stage::forward(weights.at(layout::second), weights.at(layout::second_bias), small[b], smaller[b],
                                  Trains ? smaller_which[b] : nullptr);
            const T *linear = weights.at(layout::linear), *bias = weights.at(layout::linear_bias);
            T out[classes];
            for (std::size_t j = 0; j < classes; ++j) out[j] = bias[j];
            for (std::size_t p = 0; p < features; ++p)
                for (std::size_t j = 0; j < classes; ++j) out[j] += smaller[b][p] * linear[p * classes + j];
            for (std::size_t j = 0; j < classes; ++j) logits[b * classes + j] = out[j];
        }
        return logits;
    }

    /// Forward, backward and update with one-hot targets; returns the mean cross entropy.
    T step(const T* x, const T* target, T learning_rate) {
        forward<true>(x);
        const T loss = cross_entropy::loop<Batch, classes>(logits, target, logits_delta);
        for (T& each : gradients.all) each = 0;
        const T* linear = weights.at(layout::linear);
        T *linear_gradient = gradients.at(layout::linear), *bias_gradient = gradients.at(layout::linear_bias);
        for (std::size_t b = 0; b < Batch; ++b) {
            const T* delta = logits_delta + b * classes;
            for (std::size_t p = 0; p < features; ++p) {
                T sum = 0;
                for (std::size_t j = 0; j < classes; ++j) {
                    sum += delta[j] * linear[p * classes + j];
                    linear_gradient[p * classes + j] += delta[j] * smaller[b][p];
                }
                smaller_delta[p] = sum;
            }
            for (std::size_t j = 0; j < classes; ++j) bias_gradient[j] += delta[j];
            second_stage::backward(weights.at(layout::second), small[b], smaller_delta, smaller_which[b],
                                   gradients.at(layout::second), gradients.at(layout::second_bias), small_delta);
            first_stage::backward(weights.at(layout::first), x + b * image, small_delta, small_which[b],
                                  gradients.at(layout::first), gradients.at(layout::first_bias), nullptr);
        }
        for (std::size_t i = 0; i < layout::count; ++i) weights.all[i] -= learning_rate * gradients.all[i];
        return loss;
    }
};

/// The rows of the table, and what contenders must arrive at. Inference of one image takes the first of the batch.
struct lenet_problem {
    static constexpr std::size_t batch = 32, image = 28 * 28, classes = 10;
    static constexpr const char *one = "inference_b1", *many = "inference_b32", *training = "training_b32";
    static constexpr int steps = 5;

    lenet_weights<float> start;
    alignas(64) float x[batch * image];
    alignas(64) float y[batch * classes];  // one-hot
    int labels[batch];
    std::vector<double> logits, trained;  // trained: the loss, then the weights

    lenet_problem() {
        using layout = lenet_weights<float>;
        const float small = 1 / std::sqrt(25.f), smaller = 1 / std::sqrt(200.f), last = 1 / std::sqrt(256.f);
        fill(start.at(layout::first), layout::second - layout::first, 31, small);
        fill(start.at(layout::second), layout::linear - layout::second, 32, smaller);
        fill(start.at(layout::linear), layout::count - layout::linear, 33, last);
        fill(x, batch * image, 34);
        for (std::size_t i = 0; i < batch; ++i) {
            labels[i] = static_cast<int>((7 * i + 3) % classes);
            for (std::size_t j = 0; j < classes; ++j)
                y[i * classes + j] = j == static_cast<std::size_t>(labels[i]) ? 1.f : 0.f;
        }
        static lenet<double, batch> exact;
        std::copy(start.all, start.all + layout::count, exact.weights.all);
        const std::vector<double> input(x, x + batch * image), target(y, y + batch * classes);
        const double* values = exact.forward(input.data());
        logits.assign(values, values + batch * classes);
        trained.push_back(0);
        for (int i = 0; i < steps; ++i) trained[0] = exact.step(input.data(), target.data(), rate);
        trained.insert(trained.end(), exact.weights.all, exact.weights.all + layout::count);
    }

    /// `run()` points to the logits.
    template <std::size_t Batch, class Run> void compare_inference(benchmark::State& state, Run run) const {
        const auto expected = logits.begin() + static_cast<std::ptrdiff_t>(Batch * classes);
        if (!agrees(state, run(), {logits.begin(), expected}, 1e-5)) return;
        measure(state, [&] { benchmark::DoNotOptimize(run()); });
        count(state, "FLOPS", 2.0 * Batch * lenet<float, 1>::products);
    }

    /// `step()` returns the loss; `append(all)` appends the weights in the order of lenet_weights.
    template <class Step, class Append> void compare_training(benchmark::State& state, Step step, Append append) const {
        float loss = 0;
        for (int i = 0; i < steps; ++i) loss = step();
        std::vector<double> all{static_cast<double>(loss)};
        append(all);
        if (all.size() != trained.size()) return state.SkipWithError("not all weights are there");
        if (!agrees(state, all.data(), trained, 1e-5)) return;
        measure(state, [&] { benchmark::DoNotOptimize(step()); });
        // forward, weights, and the inputs of all layers but the first
        count(state, "FLOPS", batch * (6 * lenet<float, 1>::products - 2 * 576.0 * 8 * 25));
    }
};

}  // namespace bench
