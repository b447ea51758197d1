// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/tensor/tensor.hpp"

#include <type_traits>
#include <utility>

namespace ashlar::nn {

/// An option of every layer with parameters or buffers: their element type, float (which needs no option) or double. A
/// model is of double where all its layers are: a layer of one type refuses an input of the other, see
/// `layer_type_mismatch`. Layers without parameters take either and keep it. Initialised with the numbers that the
/// layer of float draws from the same seed, before they are rounded to float.
template <class T> struct real {};

namespace detail {

template <class... Options> struct real_among {
    using type = float;
};
template <class First, class... More> struct real_among<First, More...> : real_among<More...> {};
template <class T, class... More> struct real_among<real<T>, More...> {
    static_assert(std::is_same_v<T, float> || std::is_same_v<T, double>,
                  "nn::real is the type of a layer's parameters: nn::real<float> or nn::real<double>");
    using type = T;
};
/// What a layer with such options calls its `real_type`.
template <class... Options> using real_of = typename real_among<Options...>::type;

// (No default argument, at which g++ 12 stops.)
template <class T, shape S, class At> struct tensor_along;
template <class T, shape S, std::size_t... At> struct tensor_along<T, S, std::index_sequence<At...>> {
    using type = Tensor<T, static_cast<std::size_t>(S.extent[At])...>;
};
/// A tensor whose extents are a value.
template <class T, shape S> struct tensor_with
    : tensor_along<T, S, std::make_index_sequence<static_cast<std::size_t>(S.rank)>> {};

}  // namespace detail
}  // namespace ashlar::nn
