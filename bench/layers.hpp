// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "problem.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

// Normalisations and attention as plain loops, C++17: the reference in double, and a contender in float. All of them in
// the training form, without dropout.
namespace bench {

/// Rows of C numbers less their mean, over the root of their variance; weight 1, bias 0.
template <class T> void layer_norm(const T* x, T* y, std::size_t rows, std::size_t c) {
    for (std::size_t i = 0; i < rows; ++i, x += c, y += c) {
        T mean = 0, var = 0;
        for (std::size_t j = 0; j < c; ++j) mean += x[j];
        mean /= static_cast<T>(c);
        for (std::size_t j = 0; j < c; ++j) var += (x[j] - mean) * (x[j] - mean);
        const T scale = 1 / std::sqrt(var / static_cast<T>(c) + static_cast<T>(1e-5));
        for (std::size_t j = 0; j < c; ++j) y[j] = (x[j] - mean) * scale;
    }
}

/// The same over a batch and its planes, for each of C channels.
template <class T> void batch_norm(const T* x, T* y, std::size_t n, std::size_t c, std::size_t plane) {
    for (std::size_t k = 0; k < c; ++k) {
        const auto visit = [&](auto each) {
            for (std::size_t i = 0; i < n; ++i)
                for (std::size_t j = 0; j < plane; ++j) each((i * c + k) * plane + j);
        };
        const T count = static_cast<T>(n * plane);
        T mean = 0, var = 0;
        visit([&](std::size_t at) { mean += x[at]; });
        mean /= count;
        visit([&](std::size_t at) { var += (x[at] - mean) * (x[at] - mean); });
        const T scale = 1 / std::sqrt(var / count + static_cast<T>(1e-5));
        visit([&](std::size_t at) { y[at] = (x[at] - mean) * scale; });
    }
}

/// softmax(q k^T / sqrt(width)) v of one head, whose rows are `apart` from each other; a row of the scores at a time.
template <class T> void attend(const T* q, const T* k, const T* v, T* y, std::size_t length, std::size_t width,
                               std::size_t apart, std::size_t apart_y) {
    std::vector<T> p(length);
    const T scale = 1 / std::sqrt(static_cast<T>(width));
    for (std::size_t i = 0; i < length; ++i) {
        T largest = -INFINITY, sum = 0;
        for (std::size_t j = 0; j < length; ++j) {
            T dot = 0;
            for (std::size_t e = 0; e < width; ++e) dot += q[i * apart + e] * k[j * apart + e];
            p[j] = dot * scale;
            largest = std::max(largest, p[j]);
        }
        for (std::size_t j = 0; j < length; ++j) sum += p[j] = std::exp(p[j] - largest);
        T* const to = y + i * apart_y;
        std::fill(to, to + width, T(0));
        for (std::size_t j = 0; j < length; ++j)
            for (std::size_t e = 0; e < width; ++e) to[e] += p[j] / sum * v[j * apart + e];
    }
}

/// y = x w^T + b of rows.
template <class T> void linear(const T* x, const T* w, const T* b, T* y, std::size_t rows, std::size_t in,
                               std::size_t out) {
    for (std::size_t i = 0; i < rows; ++i)
        for (std::size_t o = 0; o < out; ++o) {
            T sum = b[o];
            for (std::size_t j = 0; j < in; ++j) sum += x[i * in + j] * w[o * in + j];
            y[i * out + o] = sum;
        }
}

/// The inputs, the weights and what comes out, in double.
struct layers_problem {
    static constexpr std::size_t rows = 512, features = 768;
    static constexpr std::size_t images = 32, channels = 16, plane = 28 * 28;
    static constexpr std::size_t heads = 8, length = 256, width = 64;
    static constexpr std::size_t steps = 32, batch = 8, model = 64, parts = 4, hidden = 256;  // of the encoder layer
    static constexpr double rate = 1e-3;

    std::vector<float> x, images_x, q, k, v, sequence;
    std::vector<float> in_weight, in_bias, out_weight, out_bias, first_weight, first_bias, second_weight, second_bias;

    layers_problem() {
        auto draw = [seed = 0u](std::vector<float>& to, std::size_t count, float bound) mutable {
            to.resize(count);
            fill(to.data(), count, ++seed, bound);
        };
        draw(x, rows * features, 1), draw(images_x, images * channels * plane, 1);
        for (auto* each : {&q, &k, &v}) draw(*each, heads * length * width, 1);
        draw(sequence, steps * batch * model, 1);
        draw(in_weight, 3 * model * model, 0.2f), draw(in_bias, 3 * model, 0.1f);
        draw(out_weight, model * model, 0.2f), draw(out_bias, model, 0.1f);
        draw(first_weight, hidden * model, 0.2f), draw(first_bias, hidden, 0.1f);
        draw(second_weight, model * hidden, 0.1f), draw(second_bias, model, 0.1f);
    }

    using doubles = std::vector<double>;
    static doubles wide(const std::vector<float>& from) { return {from.begin(), from.end()}; }

    doubles layer_norm_reference() const {
        doubles y(x.size());
        layer_norm(wide(x).data(), y.data(), rows, features);
        return y;
    }
    doubles batch_norm_reference() const {
        doubles y(images_x.size());
        batch_norm(wide(images_x).data(), y.data(), images, channels, plane);
        return y;
    }
    doubles attention_reference() const {
        doubles y(q.size());
        const doubles a = wide(q), b = wide(k), c = wide(v);
        for (std::size_t h = 0; h < heads * length * width; h += length * width)
            attend(a.data() + h, b.data() + h, c.data() + h, y.data() + h, length, width, width, width);
        return y;
    }
    /// Attention and two linear layers, each added to its input and normalised.
    doubles encoder_reference() const {
        constexpr std::size_t all = steps * batch, apart = batch * 3 * model;
        const doubles in = wide(sequence);
        doubles qkv(all * 3 * model), seen(all * model), y(all * model), inner(all * hidden), z(all * model);
        linear(in.data(), wide(in_weight).data(), wide(in_bias).data(), qkv.data(), all, model, 3 * model);
        for (std::size_t n = 0; n < batch; ++n)
            for (std::size_t h = 0; h < model; h += model / parts) {
                const double* const from = qkv.data() + n * 3 * model + h;
                attend(from, from + model, from + 2 * model, seen.data() + n * model + h, steps, model / parts, apart,
                       batch * model);
            }
        linear(seen.data(), wide(out_weight).data(), wide(out_bias).data(), y.data(), all, model, model);
        for (std::size_t i = 0; i < y.size(); ++i) y[i] += in[i];
        layer_norm(y.data(), seen.data(), all, model);
        linear(seen.data(), wide(first_weight).data(), wide(first_bias).data(), inner.data(), all, model, hidden);
        for (double& e : inner) e = std::max(e, 0.0);
        linear(inner.data(), wide(second_weight).data(), wide(second_bias).data(), z.data(), all, hidden, model);
        for (std::size_t i = 0; i < z.size(); ++i) z[i] += seen[i];
        layer_norm(z.data(), y.data(), all, model);
        return y;
    }

    /// What a step minimises: the mean of the squares of what comes out, less the input.
    static double loss(const doubles& y, const std::vector<float>& from) {
        double sum = 0;
        for (std::size_t i = 0; i < y.size(); ++i) sum += (y[i] - from[i]) * (y[i] - from[i]);
        return sum / static_cast<double>(y.size());
    }
};

/// Times `run`, which returns its result, once that is right.
template <class Run>
void compare_layer(benchmark::State& state, const std::vector<double>& reference, double tolerance, Run run) {
    if (agrees(state, run(), reference, tolerance)) measure(state, run);
}

/// Of steps of training the loss before the first one is compared.
template <class Step> void compare_step(benchmark::State& state, double reference, Step step) {
    const float first = step();
    if (agrees(state, &first, {reference}, 1e-4)) measure(state, step);
}

}  // namespace bench
