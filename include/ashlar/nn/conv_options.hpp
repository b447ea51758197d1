// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/nn/linear.hpp"
#include "ashlar/nn/window_options.hpp"
#include "ashlar/ops/pad.hpp"

namespace ashlar {
template <class Layer> struct convolution_does_not_take_all_of_its_options : refusal {};
template <class Layer> struct nn_same_as_a_padding_needs_a_stride_of_1 : refusal {};
}  // namespace ashlar

// The options of convolutions: nn::stride, nn::padding, nn::dilation (one number, or one for each axis), nn::groups,
// nn::no_bias, nn::real<double>, and these.
namespace ashlar::nn {

/// A padding by which every extent stays what it is (PyTorch's padding='same'), for a stride of 1. Where it cannot be
/// the same on both sides, there is one element more behind the image.
struct same {};

/// What is around an image: zeros unless said otherwise, or what pad_reflect, pad_replicate and pad_circular put there.
namespace padding_mode {
struct zeros {};
struct reflect {
    using around = ashlar::detail::reflected;
};
struct replicate {
    using around = ashlar::detail::replicated;
};
struct circular {
    using around = ashlar::detail::wrapped;
};
}  // namespace padding_mode

namespace detail {

template <class Option> concept puts_around = requires { typename Option::around; };

/// What stands around images beside zeros, or void.
template <class... Options> struct around_images {
    using type = void;
};
template <class First, class... More> struct around_images<First, More...> : around_images<More...> {};
template <puts_around First, class... More> struct around_images<First, More...> {
    using type = typename First::around;
};

template <class Option> inline constexpr bool is_window_option = false;
template <std::size_t... N> inline constexpr bool is_window_option<stride<N...>> = true;
template <std::size_t... N> inline constexpr bool is_window_option<padding<N...>> = true;
template <std::size_t... N> inline constexpr bool is_window_option<dilation<N...>> = true;
template <std::size_t N> inline constexpr bool is_window_option<groups<N>> = true;
template <> inline constexpr bool is_window_option<no_bias> = true;
template <> inline constexpr bool is_window_option<padding_mode::zeros> = true;
template <class T> inline constexpr bool is_window_option<real<T>> = true;

template <class Option> inline constexpr bool is_number_of_padding = false;
template <std::size_t... N> inline constexpr bool is_number_of_padding<padding<N...>> = true;

/// Whether a convolution takes all these. A padding is a number, or the same.
template <class... Options> inline constexpr bool are_convolution_options =
    ((is_window_option<Options> || std::same_as<Options, same> || puts_around<Options>) && ...) &&
    (0 + ... + (std::same_as<Options, same> || is_number_of_padding<Options>)) <= 1;
template <class... Options> inline constexpr bool states_a_bias = !(std::same_as<Options, no_bias> || ...);

constexpr void keep_extent(window_axis& axis) {
    axis.padding = (axis.span() - 1) / 2, axis.after = (axis.span() - 1) % 2;
}
template <int Dimensions, auto Kernel, class... Options> inline constexpr windows stated_convolution = [] {
    windows w = stated_windows<Dimensions, Kernel, Options...>;
    if ((std::same_as<Options, same> || ...)) keep_extent(w.x), keep_extent(w.y), keep_extent(w.z);
    return w;
}();

constexpr bool strides_by_one(const windows& w) { return w.x.stride == 1 && w.y.stride == 1 && w.z.stride == 1; }

template <class Layer, std::size_t In, class X, std::size_t... Index> consteval auto convolution_misfit() {
    if constexpr (!Layer::takes_options)
        return std::type_identity<convolution_does_not_take_all_of_its_options<Layer>>{};
    else if constexpr (Layer::keeps_extents && !strides_by_one(Layer::stated))
        return std::type_identity<nn_same_as_a_padding_needs_a_stride_of_1<Layer>>{};
    else return window_misfit<Layer, In, X, Index...>();
}
template <class Layer, std::size_t In, class X, std::size_t... Index> using convolution_misfit_t =
    typename ashlar::detail::type_of<decltype(convolution_misfit<Layer, In, X, Index...>())>::type;

constexpr windows without_padding(windows w) {
    for (window_axis* axis : {&w.x, &w.y, &w.z}) axis->padding = axis->after = 0;
    return w;
}
/// The padding of windows as elements of its own.
template <class Around, windows W> constexpr auto put_around(const auto& x) {
    return [&]<std::size_t... Side>(std::index_sequence<Side...>) {
        constexpr const window_axis* axes[] = {&W.x, &W.y, &W.z};
        return ashlar::detail::compose_checked<ashlar::detail::pad_as_body<
            Around, (axes[Side / 2]->padding + (Side % 2 == 1 ? axes[Side / 2]->after : 0))...>>(x);
    }(std::make_index_sequence<static_cast<std::size_t>(2 * W.dimensions)>{});
}

}  // namespace detail
}  // namespace ashlar::nn
