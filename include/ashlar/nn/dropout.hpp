// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/nn/init.hpp"
#include "ashlar/nn/layer.hpp"
#include "ashlar/ops/compare.hpp"
#include "ashlar/ops/div.hpp"
#include "ashlar/ops/random_bits.hpp"

namespace ashlar {
template <class Layer, class Input> struct channels_are_dropped_of_a_batch_or_of_one_example : refusal {};

/// Where a layer draws its random numbers from: a seed, and how often it has been called in the training form. What is
/// drawn depends on both and on the layer's place in the model, and on nothing else: the same on every machine.
struct random_stream {
    buffer<std::int32_t> seed, position;
    using members = ashlar::members<&random_stream::seed, &random_stream::position>;

    constexpr void begin(generator& random) { seed = static_cast<std::int32_t>(random()), position = 0; }
};

namespace detail {

// True with the probability p, for each element of a shape. A number below the bits, of which there are 2^32: nothing
// is rounded but p itself. The next call draws others.
template <class V> constexpr V drawn_below(graph& g, const random_stream& stream, const V& p, const shape& s) {
    const V seed{&g, tensor_node(g, stream.seed.data(), dtype::int32, shape{})};
    const V place{&g, g.constant(g.last_member, dtype::int32)};
    const V position{&g, tensor_node(g, stream.position.data(), dtype::int32, shape{})};
    const V key = apply<random_bits_op>(seed, place, V{&g, g.constant(0, dtype::int32)});
    const V bits = apply<random_bits_op>(places_in<V>(g, s), position, key);
    return bits < to<std::int32_t>(p * 4294967296.0 - 2147483648.0);
}
// (`stream` is a random_stream: as a template it asks for the sum only where a layer draws.)
constexpr void advance(const auto& stream, const auto& x) { update(stream.position, stream.position + 1, x); }

}  // namespace detail
}  // namespace ashlar

namespace ashlar::nn {
namespace detail {

// For each element of a shape 0, with the probability p, or 1 / (1 - p); x is of the body that draws.
template <class X> constexpr value_for<X> factors_of_dropout(const X& x, const option& p, const random_stream& stream,
                                                             const shape& s) {
    const auto often = ashlar::detail::option_beside(x, p);
    // A choice between numbers would be of float32: beside double it is of double.
    const auto dropped =
        ashlar::detail::to_type<value_for<X>>(often, promote(dtype::float32, dtype_of<typename X::value_type>));
    const auto factor = where(dropped < 1, 1 / (1 - dropped), 0);
    const auto mask = where(ashlar::detail::drawn_below(*x.g, stream, often, s), 0, factor);
    ashlar::detail::advance(stream, x);
    return mask;
}
// x with some of its elements dropped; what has one index on the first `Axes` axes shares its fate.
template <int Axes, class X> constexpr X drop(const X& x, const option& p, const random_stream& stream) {
    shape s = X::extent;
    for (int i = Axes; i < s.rank; ++i) s.extent[i] = 1;
    using V = value_for<X>;
    const V y = V{x} * factors_of_dropout(x, p, stream, s);
    return {{to<typename X::value_type>(y)}};
}

template <class Layer, int Dimensions, class X>
constexpr auto drop_channels(const X& x, const option& p, const random_stream& stream) {
    constexpr int rank = X::extent.rank;
    if constexpr (rank != Dimensions + 1 && rank != Dimensions + 2)
        return deferred<channels_are_dropped_of_a_batch_or_of_one_example<Layer, shape_t<X>>>{};
    else return in_training(drop<rank - Dimensions>(x, p, stream), x);
}

}  // namespace detail

/// In the training form each element becomes 0 with the probability p, and the others grow by 1 / (1 - p) (Hinton et
/// al. 2012, as PyTorch scales it); in the evaluation form x stays as it is. No mask is stored: the backward draws
/// again what the forward drew, in the loops that compute x and its gradient, products included. `initialize(model,
/// seed)` gives each layer a stream of its own, which advances with each training call.
struct Dropout {
    static constexpr bool keeps_width = true;
    option p = 0.5;
    random_stream stream{};
    using members = layer_members<&Dropout::p, &Dropout::stream>;

    constexpr auto forward(expression auto x) const {
        return in_training(detail::drop<decltype(x)::extent.rank>(x, p, stream), x);
    }
    template <class... X> constexpr called<const Dropout&, X...> operator()(X&&... x) const noexcept {
        return ashlar::detail::call_or_fault(*this, std::forward<X>(x)...);
    }
    constexpr void reset_parameters(generator& random) { stream.begin(random); }
};

/// Whole channels at once. Shapes: (N, C, L) or (C, L).
struct Dropout1d {
    option p = 0.5;
    random_stream stream{};
    using members = layer_members<&Dropout1d::p, &Dropout1d::stream>;

    constexpr auto forward(expression auto x) const { return detail::drop_channels<Dropout1d, 1>(x, p, stream); }
    template <class... X> constexpr called<const Dropout1d&, X...> operator()(X&&... x) const noexcept {
        return ashlar::detail::call_or_fault(*this, std::forward<X>(x)...);
    }
    constexpr void reset_parameters(generator& random) { stream.begin(random); }
};

/// Shapes: (N, C, H, W) or (C, H, W).
struct Dropout2d {
    option p = 0.5;
    random_stream stream{};
    using members = layer_members<&Dropout2d::p, &Dropout2d::stream>;

    constexpr auto forward(expression auto x) const { return detail::drop_channels<Dropout2d, 2>(x, p, stream); }
    template <class... X> constexpr called<const Dropout2d&, X...> operator()(X&&... x) const noexcept {
        return ashlar::detail::call_or_fault(*this, std::forward<X>(x)...);
    }
    constexpr void reset_parameters(generator& random) { stream.begin(random); }
};

}  // namespace ashlar::nn
