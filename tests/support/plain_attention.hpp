// SPDX-License-Identifier: BSL-1.0
// Attention, sums of products and sorted numbers as loops over plain numbers, for tools/random_models.py.
#pragma once

#include "support/plain_layers.hpp"

#include <numeric>

namespace support {

/// y[o] adds up x[i] weight[o][i] x[i]: three operands, two of them the same.
template <std::size_t In, std::size_t Out> struct Squares {
    ashlar::Tensor<float, Out, In> weight;
    using members = ashlar::members<&Squares::weight>;
    constexpr auto operator()(ashlar::expression auto x) const {
        return ashlar::einsum<"...i,oi,...i->...o">(x, weight, x);
    }
};
/// The numbers along an axis in order, or the K largest of them; without their places.
template <int Axis> struct Sorted : ashlar::nn::layer<Sorted<Axis>> {
    constexpr auto forward(ashlar::expression auto x) const {
        return ashlar::parts(ashlar::sort<Axis>(x)).template get<0>();
    }
};
template <std::size_t K, int Axis> struct Largest : ashlar::nn::layer<Largest<K, Axis>> {
    constexpr auto forward(ashlar::expression auto x) const {
        return ashlar::parts(ashlar::topk<K, Axis>(x)).template get<0>();
    }
};

namespace plain {

template <std::size_t In, std::size_t Out> tensor run(const Squares<In, Out>& layer, const tensor& x, parameters& p) {
    const std::vector<number> weight = p.take(layer.weight);
    std::vector<std::size_t> dims = x.dims;
    dims.back() = Out;
    tensor y{dims};
    for (std::size_t row = 0; row < x.at.size() / In; ++row)
        for (std::size_t o = 0; o < Out; ++o) {
            number sum = 0;
            for (std::size_t i = 0; i < In; ++i) {
                const number& v = x.at[row * In + i];
                sum = sum + v * weight[o * In + i] * v;
            }
            y.at[row * Out + o] = sum;
        }
    return y;
}

/// The first `count` along an axis, in an order which keeps that of equal numbers.
inline tensor ordered(const tensor& x, int of, std::size_t count, bool largest_first) {
    const std::size_t axis = of < 0 ? static_cast<std::size_t>(of + static_cast<int>(x.dims.size()))
                                    : static_cast<std::size_t>(of);
    std::vector<std::size_t> dims = x.dims;
    dims[axis] = count;
    tensor y{dims};
    const lines from{x, axis}, to{y, axis};
    for (std::size_t b = 0; b < from.before; ++b)
        for (std::size_t a = 0; a < from.after; ++a) {
            std::vector<std::size_t> places(from.along);
            std::iota(places.begin(), places.end(), std::size_t{0});
            std::sort(places.begin(), places.end(), [&](std::size_t i, std::size_t j) {
                const double u = x.at[from.place(b, i, a)].value, v = x.at[from.place(b, j, a)].value;
                return u == v ? i < j : largest_first ? u > v : u < v;
            });
            for (std::size_t i = 0; i < count; ++i) y.at[to.place(b, i, a)] = x.at[from.place(b, places[i], a)];
        }
    return y;
}
template <int Axis> tensor run(const Sorted<Axis>&, const tensor& x, parameters&) {
    return ordered(x, Axis, x.dims[static_cast<std::size_t>(Axis < 0 ? Axis + static_cast<int>(x.dims.size()) : Axis)],
                   false);
}
template <std::size_t K, int Axis> tensor run(const Largest<K, Axis>&, const tensor& x, parameters&) {
    return ordered(x, Axis, K, true);
}

/// Of an input to itself, (L, N, E), (N, L, E) or (L, E).
template <std::size_t E, std::size_t H, class... O>
tensor run(const nn::MultiheadAttention<E, H, O...>& layer, const tensor& x, parameters& p) {
    using attention = nn::MultiheadAttention<E, H, O...>;
    const std::vector<number> weight = p.take(layer.in_proj_weight);
    std::vector<number> bias(3 * E, 0.0);
    if constexpr (attention::has_bias) bias = p.take(layer.in_proj_bias);
    const bool batch_first = attention::is_batch_first && x.dims.size() == 3;
    const std::size_t length = x.dims[batch_first ? 1 : 0], width = E / H,
                      batch = x.dims.size() == 2 ? 1 : x.dims[batch_first ? 0 : 1];
    const auto row = [&](std::size_t l, std::size_t n) { return batch_first ? n * length + l : l * batch + n; };
    std::vector<number> projected(length * batch * 3 * E);
    for (std::size_t r = 0; r < length * batch; ++r)
        for (std::size_t o = 0; o < 3 * E; ++o) {
            number sum = bias[o];
            for (std::size_t i = 0; i < E; ++i) sum = sum + x.at[r * E + i] * weight[o * E + i];
            projected[r * 3 * E + o] = sum;
        }
    const auto part = [&](std::size_t l, std::size_t n, std::size_t which, std::size_t i) -> const number& {
        return projected[(row(l, n) * 3 + which) * E + i];
    };
    tensor y{x.dims};
    for (std::size_t n = 0; n < batch; ++n)
        for (std::size_t h = 0; h < H; ++h)
            for (std::size_t l = 0; l < length; ++l) {
                tensor scores{{length}};
                for (std::size_t s = 0; s < length; ++s) {
                    number sum = 0;
                    for (std::size_t i = h * width; i < (h + 1) * width; ++i)
                        sum = sum + part(l, n, 0, i) * part(s, n, 1, i);
                    scores.at[s] = sum * (1 / std::sqrt(static_cast<double>(width)));
                }
                const tensor weights = log_softmax(scores, 0);
                for (std::size_t i = h * width; i < (h + 1) * width; ++i) {
                    number sum = 0;
                    for (std::size_t s = 0; s < length; ++s) sum = sum + exp(weights.at[s]) * part(s, n, 2, i);
                    y.at[row(l, n) * E + i] = sum;
                }
            }
    return run(layer.out_proj, y, p);
}

}  // namespace plain
}  // namespace support
