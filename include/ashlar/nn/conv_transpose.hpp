// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/nn/conv.hpp"

namespace ashlar {
template <class Layer> struct an_output_padding_is_less_than_the_stride_or_the_dilation : refusal {};
template <class Layer, class Input> struct padding_of_the_transposed_convolution_leaves_no_element : refusal {};
}  // namespace ashlar

namespace ashlar::nn {

/// So many elements more at the end of each axis of a transposed convolution's result: with a stride s, convolutions of
/// s different sizes give one, and this says which it is the transpose of.
template <std::size_t... N> struct output_padding {};

namespace detail {

template <class Option> inline constexpr bool is_output_padding = false;
template <std::size_t... N> inline constexpr bool is_output_padding<output_padding<N...>> = true;

template <int> constexpr void read_output_padding(windows&, auto) {}
template <int D, std::size_t... N> constexpr void read_output_padding(windows& w, output_padding<N...>) {
    set_axes<D, N...>(w, &window_axis::padding);
}
/// The output padding as the padding of windows.
template <int Dimensions, class... Options> inline constexpr windows stated_output_padding = [] {
    windows w{};
    (read_output_padding<Dimensions>(w, Options{}), ...);
    return w;
}();
constexpr bool output_padding_is_less(const windows& w, const windows& further) {
    constexpr auto is_less = [](const window_axis& axis, const window_axis& more) {
        return more.padding < axis.stride || more.padding < axis.dilation;
    };
    return is_less(w.x, further.x) && is_less(w.y, further.y) && is_less(w.z, further.z);
}

/// What as many windows as `out` cover, without their padding, and `further` elements behind them. They may be more
/// than a stride, but no window begins there.
constexpr window_axis axis_under(window_axis axis, index out, const window_axis& further) {
    axis.in = (out - 1) * axis.stride - 2 * axis.padding + axis.span() + further.padding;
    axis.after = -(further.padding / axis.stride * axis.stride);
    return axis;
}
/// The windows whose outputs are x, of extents ([batch,] channels, [[depth,] height,] width).
constexpr windows windows_under(windows w, const windows& further, const shape& s) {
    w.what = sliding::image;
    w.x = axis_under(w.x, s[s.rank - 1], further.x);
    if (w.dimensions > 1) w.y = axis_under(w.y, s[s.rank - 2], further.y);
    if (w.dimensions > 2) w.z = axis_under(w.z, s[s.rank - 3], further.z);
    return w;
}

template <windows W, windows Further, class X> constexpr auto convolve_transposed(const X& x, const auto& weight) {
    if constexpr (is_poison<X>) return x;
    else if constexpr (X::extent.rank == W.dimensions + 1)
        return squeeze<0>(convolve_transposed<W, Further>(unsqueeze<0>(x), weight));
    else {
        constexpr windows over = windows_under(W, Further, X::extent);
        return apply<conv_input_op, ashlar::detail::attributes_constant<attributes_of(over)>>(x, weight);
    }
}

template <class Layer, std::size_t In, class X, std::size_t... Index> consteval auto transposed_misfit() {
    if constexpr (!Layer::takes_options) {
        return std::type_identity<convolution_does_not_take_all_of_its_options<Layer>>{};
    } else if constexpr (!std::is_void_v<decltype(channel_misfit<Layer, In, X, Index...>())>) {
        return channel_misfit<Layer, In, X, Index...>();
    } else if constexpr (!output_padding_is_less(Layer::stated, Layer::further)) {
        return std::type_identity<an_output_padding_is_less_than_the_stride_or_the_dilation<Layer>>{};
    } else {
        constexpr windows over = windows_under(Layer::stated, Layer::further, std::remove_cvref_t<X>::extent);
        if constexpr (over.z.in < 1 || over.y.in < 1 || over.x.in < 1)
            return std::type_identity<padding_of_the_transposed_convolution_leaves_no_element<Layer, shape_t<X>>>{};
    }
}
template <class Layer, std::size_t In, class X, std::size_t... Index> using transposed_misfit_t =
    typename ashlar::detail::type_of<decltype(transposed_misfit<Layer, In, X, Index...>())>::type;

}  // namespace detail

/// What a convolution with this weight has as its derivative: every element of an image (batch, In, [[depth,] height,]
/// width) times the weight is added to the result, `stride` apart, and a bias. Options: nn::stride, nn::padding, which
/// is cut off, nn::output_padding, nn::dilation, nn::groups, nn::no_bias, nn::real<double>. Without a batch, so is the
/// result.
/// Value: y[n, o, i * stride + p * dilation - padding] adds up x[n, c, i] * weight[c, o, p] over c, i and p.
/// Shapes: weight [In, Out / groups, kernel...]; an extent n becomes
/// (n - 1) * stride - 2 * padding + dilation * (kernel - 1) + output_padding + 1.
template <int Dimensions, std::size_t In, std::size_t Out, auto Kernel, class... Options>
struct transposed_convolution
    : convolution_parameters<
          typename detail::conv_weight<detail::real_of<Options...>,
                                       detail::stated_windows<Dimensions, Kernel, Options...>, Out, In>::type,
          Out, detail::states_a_bias<Options...>> {
    static constexpr windows stated = detail::stated_windows<Dimensions, Kernel, Options...>,
                             further = detail::stated_output_padding<Dimensions, Options...>;
    static constexpr bool takes_options =
        ((detail::is_window_option<Options> || detail::is_output_padding<Options>) && ...);
    static_assert(detail::groups_divide(stated, In, Out), "groups divide the channels on both sides");

    constexpr auto forward(expression auto x) const {
        return this->template biased<Dimensions>(detail::convolve_transposed<stated, further>(x, this->weight));
    }
};

template <std::size_t In, std::size_t Out, auto Kernel, class... Options>
struct ConvTranspose1d : transposed_convolution<1, In, Out, Kernel, Options...> {
    template <class X, std::size_t... Index>
    using misfit = detail::transposed_misfit_t<ConvTranspose1d, In, X, Index...>;

    ConvTranspose1d() = default;
    constexpr explicit ConvTranspose1d(seed s) { ashlar::detail::construct(*this, s); }
    template <class... X> constexpr called<const ConvTranspose1d&, X...> operator()(X&&... x) const& noexcept {
        return ashlar::detail::call_or_fault(*this, std::forward<X>(x)...);
    }
    template <class... X> constexpr called<ConvTranspose1d, X...> operator()(X&&... x) && noexcept {
        return ashlar::detail::call_or_fault(std::move(*this), std::forward<X>(x)...);
    }
};

template <std::size_t In, std::size_t Out, auto Kernel, class... Options>
struct ConvTranspose2d : transposed_convolution<2, In, Out, Kernel, Options...> {
    template <class X, std::size_t... Index>
    using misfit = detail::transposed_misfit_t<ConvTranspose2d, In, X, Index...>;

    ConvTranspose2d() = default;
    constexpr explicit ConvTranspose2d(seed s) { ashlar::detail::construct(*this, s); }
    template <class... X> constexpr called<const ConvTranspose2d&, X...> operator()(X&&... x) const& noexcept {
        return ashlar::detail::call_or_fault(*this, std::forward<X>(x)...);
    }
    template <class... X> constexpr called<ConvTranspose2d, X...> operator()(X&&... x) && noexcept {
        return ashlar::detail::call_or_fault(std::move(*this), std::forward<X>(x)...);
    }
};

template <std::size_t In, std::size_t Out, auto Kernel, class... Options>
struct ConvTranspose3d : transposed_convolution<3, In, Out, Kernel, Options...> {
    template <class X, std::size_t... Index>
    using misfit = detail::transposed_misfit_t<ConvTranspose3d, In, X, Index...>;

    ConvTranspose3d() = default;
    constexpr explicit ConvTranspose3d(seed s) { ashlar::detail::construct(*this, s); }
    template <class... X> constexpr called<const ConvTranspose3d&, X...> operator()(X&&... x) const& noexcept {
        return ashlar::detail::call_or_fault(*this, std::forward<X>(x)...);
    }
    template <class... X> constexpr called<ConvTranspose3d, X...> operator()(X&&... x) && noexcept {
        return ashlar::detail::call_or_fault(std::move(*this), std::forward<X>(x)...);
    }
};

}  // namespace ashlar::nn
