// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/expr/value.hpp"

namespace ashlar {

// The layer at `Index` of a Sequential does not take what the layers before it give.
template <class Layer, std::size_t Index, std::size_t Expected, std::size_t Got>
struct layer_shape_mismatch : refusal {};
template <class Layer, std::size_t Expected, class... Input> struct input_features_differ : refusal {};

/// The last axis of X has Features elements.
template <class X, std::size_t Features>
concept takes_features = std::remove_cvref_t<X>::extent.rank > 0 &&
                         std::remove_cvref_t<X>::extent[std::remove_cvref_t<X>::extent.rank - 1] ==
                             static_cast<index>(Features);

template <class Layer> concept states_its_features = requires { Layer::in_features; };

template <class X> consteval std::size_t last_extent() {
    constexpr shape s = std::remove_cvref_t<X>::extent;
    return s.rank == 0 ? 0 : static_cast<std::size_t>(s[s.rank - 1]);
}

/// What is known of a layer without an input: 0 where a number of features is not.
struct stated_width {
    std::size_t in = 0, out = 0;
    bool keeps = false;
};
template <class Layer> consteval stated_width width_of() {
    stated_width w{};
    if constexpr (states_its_features<Layer>) w.in = Layer::in_features;
    if constexpr (requires { Layer::out_features; }) w.out = Layer::out_features;
    if constexpr (requires { Layer::keeps_width; }) w.keeps = Layer::keeps_width;
    return w;
}

/// The first of some layers that cannot take what those before it give, whatever the input; `layer` is their number
/// where all may fit. In Linear<4, 8>, ReLU, Linear<9, 2> it is the last one, which expects 9 and gets 8.
struct early_misfit {
    std::size_t layer = 0, expected = 0, got = 0;
};
template <class... Layers> consteval early_misfit find_early_misfit() {
    constexpr stated_width all[] = {width_of<Layers>()..., {}};
    std::size_t width = 0;
    for (std::size_t i = 0; i < sizeof...(Layers); ++i) {
        if (width > 0 && all[i].in > 0 && all[i].in != width) return {i, all[i].in, width};
        if (!all[i].keeps) width = all[i].out;
    }
    return {sizeof...(Layers)};
}

/// A layer that checks its input itself: `misfit<X, Index...>` is what is wrong with it,
/// alone or at a place of a Sequential.
template <class Layer, class X> concept states_its_misfit = requires { typename Layer::template misfit<X>; };

namespace detail {

template <class Layer, class X, std::size_t... Index> consteval auto misfit_of() {
    if constexpr (is_poison<X>) return;
    else if constexpr (states_its_misfit<Layer, X>)
        return std::type_identity<typename Layer::template misfit<X, Index...>>{};
    else if constexpr (!states_its_features<Layer>) return;
    else if constexpr (takes_features<X, Layer::in_features>) return;
    else if constexpr (sizeof...(Index) == 0)
        return std::type_identity<input_features_differ<Layer, Layer::in_features, shape_t<X>>>{};
    else return std::type_identity<layer_shape_mismatch<Layer, Index..., Layer::in_features, last_extent<X>()>>{};
}
template <class Found> struct type_of {
    using type = typename Found::type;
};
template <> struct type_of<void> {
    using type = void;
};

}  // namespace detail

/// What is wrong with the input X of a layer, or void.
template <class Layer, class X, std::size_t... Index> using misfit =
    typename detail::type_of<decltype(detail::misfit_of<Layer, X, Index...>())>::type;
template <class Layer> consteval bool layer_fits() { return true; }
template <class Layer, class X, class... More> consteval bool layer_fits() { return std::is_void_v<misfit<Layer, X>>; }

}  // namespace ashlar
