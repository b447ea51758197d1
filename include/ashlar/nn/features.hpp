// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/expr/value.hpp"

namespace ashlar {

// The layer at `Index` of a Sequential does not take what the layers before it give.
template <class Layer, std::size_t Index, std::size_t Expected, std::size_t Got>
struct layer_shape_mismatch : refusal {};
template <class Layer, std::size_t Expected, class... Input> struct input_features_differ : refusal {};

// A layer of float gets double, or the other way round, at a place of a Sequential or alone: see nn::real.
template <class Layer, std::size_t Index, class Expected, class Got> struct layer_type_mismatch : refusal {};
template <class Layer, class Expected, class Got> struct input_type_differs : refusal {};

/// The last axis of X has Features elements.
template <class X, std::size_t Features>
concept takes_features = std::remove_cvref_t<X>::extent.rank > 0 &&
                         std::remove_cvref_t<X>::extent[std::remove_cvref_t<X>::extent.rank - 1] ==
                             static_cast<index>(Features);

template <class Layer> concept states_its_features = requires { Layer::in_features; };

/// Of what type its parameters are.
template <class Layer> concept states_its_type = requires { typename Layer::real_type; };

/// Whether an input of type Got stands beside parameters of type T: whole numbers may, and halves beside float, as they
/// are read as float.
template <class T, class Got>
inline constexpr bool is_read_as =
    std::same_as<T, Got> || !is_floating(dtype_of<Got>) || (std::same_as<T, float> && !std::same_as<Got, double>);

template <class X> consteval std::size_t last_extent() {
    constexpr shape s = std::remove_cvref_t<X>::extent;
    return s.rank == 0 ? 0 : static_cast<std::size_t>(s[s.rank - 1]);
}

/// What is known of a layer without an input: 0 where a number of features is not, or the bytes of a parameter.
struct stated_width {
    std::size_t in = 0, out = 0, real = 0;
    bool keeps = false, keeps_type = false;
};
template <class Layer> consteval stated_width width_of() {
    stated_width w{};
    if constexpr (states_its_features<Layer>) w.in = Layer::in_features;
    if constexpr (requires { Layer::out_features; }) w.out = Layer::out_features;
    if constexpr (requires { Layer::keeps_width; }) w.keeps = w.keeps_type = Layer::keeps_width;
    if constexpr (requires { Layer::keeps_type; }) w.keeps_type = true;
    if constexpr (states_its_type<Layer>) w.real = sizeof(typename Layer::real_type);
    return w;
}

/// The first of some layers that cannot take what those before it give, whatever the input; `layer` is their number
/// where all may fit. In Linear<4, 8>, ReLU, Linear<9, 2> it is the last one, which expects 9 and gets 8. Of types
/// these are bytes of a number.
struct early_misfit {
    std::size_t layer = 0, expected = 0, got = 0;
    bool of_types = false;
};
template <class... Layers> consteval early_misfit find_early_misfit() {
    constexpr stated_width all[] = {width_of<Layers>()..., {}};
    std::size_t width = 0, real = 0;
    for (std::size_t i = 0; i < sizeof...(Layers); ++i) {
        const stated_width& now = all[i];
        if (real > 0 && now.real > 0 && now.real != real) return {i, now.real, real, true};
        if (width > 0 && now.in > 0 && now.in != width) return {i, now.in, width};
        if (!now.keeps) width = now.out;
        if (!now.keeps_type || now.real > 0) real = now.real;
    }
    return {sizeof...(Layers)};
}

/// A layer that checks its input itself: `misfit<X, Index...>` is what is wrong with it,
/// alone or at a place of a Sequential.
template <class Layer, class X> concept states_its_misfit = requires { typename Layer::template misfit<X>; };

namespace detail {

template <class Layer, class X> consteval bool type_fits() {
    if constexpr (requires { Layer::takes_indices; }) return true;
    else if constexpr (states_its_type<Layer> && requires { typename std::remove_cvref_t<X>::value_type; })
        return is_read_as<typename Layer::real_type, typename std::remove_cvref_t<X>::value_type>;
    else return true;
}
template <class Layer, class X, std::size_t... Index> consteval auto type_misfit() {
    using expected = typename Layer::real_type;
    using got = typename std::remove_cvref_t<X>::value_type;
    if constexpr (sizeof...(Index) == 0) return std::type_identity<input_type_differs<Layer, expected, got>>{};
    else return std::type_identity<layer_type_mismatch<Layer, Index..., expected, got>>{};
}

template <class Layer, class X, std::size_t... Index> consteval auto misfit_of() {
    if constexpr (is_poison<X>) return;
    else if constexpr (!type_fits<Layer, X>()) return type_misfit<Layer, X, Index...>();
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
