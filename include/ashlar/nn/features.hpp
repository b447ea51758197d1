// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/expr/value.hpp"

namespace ashlar {

// The layer at `Index` of a Sequential does not take what the layers before it give.
template <class Layer, std::size_t Index, std::size_t Expected, std::size_t Got> struct layer_shape_mismatch : refusal {};
template <class Layer, std::size_t Expected, class... Input> struct input_features_differ : refusal {};

/// The last axis of X has Features elements.
template <class X, std::size_t Features>
concept takes_features = std::remove_cvref_t<X>::extent.rank > 0 &&
                         std::remove_cvref_t<X>::extent[std::remove_cvref_t<X>::extent.rank - 1] == static_cast<index>(Features);

template <class Layer> concept states_its_features = requires { Layer::in_features; };

template <class Layer, class X, class... More> consteval bool layer_fits() {
    if constexpr (states_its_features<Layer> && !is_poison<X>) return takes_features<X, Layer::in_features>;
    else return true;
}

template <class X> consteval std::size_t last_extent() {
    constexpr shape s = std::remove_cvref_t<X>::extent;
    return s.rank == 0 ? 0 : static_cast<std::size_t>(s[s.rank - 1]);
}

}  // namespace ashlar
