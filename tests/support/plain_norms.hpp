// SPDX-License-Identifier: BSL-1.0
// The normalising layers as plain numbers with PyTorch's rules, in both forms.
#pragma once

#include "support/plain_layers.hpp"

#include <span>

namespace support::plain {

/// The places of the numbers that have their mean and variance in common.
using places = std::vector<std::size_t>;

struct moments {
    number mean, var;  // biased
};
inline number mean_of(const std::vector<number>& all) {
    number sum = 0;
    for (const number& v : all) sum = sum + v;
    return sum / static_cast<double>(all.size());
}
inline moments moments_of(const tensor& x, const places& at) {
    std::vector<number> of;
    for (const std::size_t i : at) of.push_back(x.at[i]);
    const number mean = mean_of(of);
    for (number& v : of) v = (v - mean) * (v - mean);
    return {mean, mean_of(of)};
}
inline void normalize(tensor& x, const places& at, const moments& by, double eps) {
    const number scale = 1 / sqrt(by.var + eps);
    for (const std::size_t i : at) x.at[i] = (x.at[i] - by.mean) * scale;
}

/// Multiplies by a weight and adds a bias, where the layer has them: number `which(place)` of them.
void scale_and_shift(tensor& x, const auto& layer, parameters& p, auto which) {
    if constexpr (std::remove_cvref_t<decltype(layer)>::is_affine) {
        const std::vector<number> weight = p.take(layer.weight), bias = p.take(layer.bias);
        for (std::size_t i = 0; i < x.at.size(); ++i) x.at[i] = x.at[i] * weight[which(i)] + bias[which(i)];
    }
}

/// BatchNorm1d, 2d and 3d. The running statistics move in the training form.
template <std::size_t Channels, class... O> tensor run(const nn::batch_norm<Channels, O...>& layer, tensor x,
                                                       parameters& p) {
    constexpr bool has_statistics = nn::batch_norm<Channels, O...>::has_statistics;
    const lines l{x, 1};
    std::vector<double> none, *mean = &none, *var = &none;
    if constexpr (has_statistics) {
        const std::size_t first = p.take_buffers(layer.running_mean, layer.running_var);
        mean = &p.buffers[first], var = &p.buffers[first + 1];
    }
    const auto move = [&](double& running, double batch) {
        const double share = layer.momentum.value;
        running = rounded(rounded(running * (1 - share)) + rounded(batch * share));
    };
    for (std::size_t c = 0; c < Channels; ++c) {
        places at;
        for (std::size_t b = 0; b < l.before; ++b)
            for (std::size_t a = 0; a < l.after; ++a) at.push_back(l.place(b, c, a));
        if (has_statistics && !p.training) {
            normalize(x, at, {(*mean)[c], (*var)[c]}, layer.eps.value);
            continue;
        }
        const moments of_batch = moments_of(x, at);
        const auto n = static_cast<double>(at.size());
        if (has_statistics)
            move((*mean)[c], of_batch.mean.value), move((*var)[c], rounded(of_batch.var.value * n / (n - 1)));
        normalize(x, at, of_batch, layer.eps.value);
    }
    scale_and_shift(x, layer, p, [&](std::size_t i) { return i / l.after % Channels; });
    return x;
}

/// Every `count` numbers in a row by themselves.
inline void normalize_each(tensor& x, std::size_t count, double eps) {
    for (std::size_t first = 0; first < x.at.size(); first += count) {
        places at;
        for (std::size_t i = 0; i < count; ++i) at.push_back(first + i);
        normalize(x, at, moments_of(x, at), eps);
    }
}
template <auto... Dims> tensor run(const nn::LayerNorm<Dims...>& layer, tensor x, parameters& p) {
    constexpr std::size_t count = decltype(layer.weight)::size();
    normalize_each(x, count, layer.eps.value);
    scale_and_shift(x, layer, p, [](std::size_t i) { return i % count; });
    return x;
}
template <auto... Dims> tensor run(const nn::RMSNorm<Dims...>& layer, tensor x, parameters& p) {
    constexpr std::size_t count = decltype(layer.weight)::size();
    const std::vector<number> weight = p.take(layer.weight);
    for (std::size_t first = 0; first < x.at.size(); first += count) {
        const std::span<number> row{x.at.data() + first, count};
        std::vector<number> squares{row.begin(), row.end()};
        for (number& v : squares) v = v * v;
        const number scale = 1 / sqrt(mean_of(squares) + layer.eps.value);
        for (std::size_t i = 0; i < count; ++i) row[i] = row[i] * scale * weight[i];
    }
    return x;
}
template <std::size_t Groups, std::size_t Channels, class... O> tensor
run(const nn::GroupNorm<Groups, Channels, O...>& layer, tensor x, parameters& p) {
    const lines l{x, 1};
    normalize_each(x, Channels / Groups * l.after, layer.eps.value);
    scale_and_shift(x, layer, p, [&](std::size_t i) { return i / l.after % Channels; });
    return x;
}
tensor normalize_instances(const auto& layer, tensor x, parameters& p, int dimensions) {
    const images in{x, dimensions};
    const std::size_t plane = in.size[0] * in.size[1];
    normalize_each(x, plane, layer.eps.value);
    scale_and_shift(x, layer, p, [&](std::size_t i) { return i / plane % in.channels; });
    return x;
}
template <std::size_t Channels, class... O> tensor run(const nn::InstanceNorm1d<Channels, O...>& layer,
                                                       const tensor& x, parameters& p) {
    return normalize_instances(layer, x, p, 1);
}
template <std::size_t Channels, class... O> tensor run(const nn::InstanceNorm2d<Channels, O...>& layer,
                                                       const tensor& x, parameters& p) {
    return normalize_instances(layer, x, p, 2);
}

}  // namespace support::plain
