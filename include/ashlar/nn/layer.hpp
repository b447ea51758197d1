// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/nn/module.hpp"

// The call operators of the library's layers. A layer states its body, `forward`, and one of these as its base:
//     struct ReLU : layer<ReLU> {
//         constexpr auto forward(expression auto x) const { return relu(x); }
//     };
// A layer with options has no base, so that it stays an aggregate, `LeakyReLU{0.2f}`: it writes the operator of `layer`
// itself, and lists its options with `layer_members`. One with tensors has none either: g++ 12 stops with an internal
// error where it trains a module of some such layers while compiling. `Self` is the layer.
namespace ashlar::nn {

/// Without members.
template <class Self> struct layer {
    static constexpr bool keeps_type = true;
    template <class... X> constexpr called<const Self&, X...> operator()(X&&... x) const noexcept {
        return ashlar::detail::call_or_fault(static_cast<const Self&>(*this), std::forward<X>(x)...);
    }
    static constexpr void members(auto&, auto&&) {}
};

/// The same for a layer whose result has as many features as its input: the layers after it are checked beyond it.
template <class Self> struct same_width_layer : layer<Self> {
    static constexpr bool keeps_width = true;
};

/// A loss of an input and a target, without members.
template <class Self> struct loss_layer {
    template <class X, class Y> constexpr called<const Self&, X, Y> operator()(X&& x, Y&& y) const noexcept {
        return ashlar::detail::call_or_fault(static_cast<const Self&>(*this), std::forward<X>(x), std::forward<Y>(y));
    }
    static constexpr void members(auto&, auto&&) {}
};

}  // namespace ashlar::nn
