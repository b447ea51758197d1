// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/nn/init.hpp"
#include "ashlar/nn/normalize.hpp"

namespace ashlar {
template <class Layer, class Input> struct input_does_not_end_in_the_normalized_shape : refusal {};
}  // namespace ashlar

namespace ashlar::nn {
namespace detail {

template <class Layer, class X> consteval bool ends_in_normalized_shape() {
    constexpr shape s = std::remove_cvref_t<X>::extent, last = Layer::normalized_shape;
    if (s.rank < last.rank) return false;
    for (int i = 1; i <= last.rank; ++i)
        if (s[s.rank - i] != last[last.rank - i]) return false;
    return true;
}
template <class Layer, class X> using normalized_shape_misfit =
    std::conditional_t<ends_in_normalized_shape<Layer, X>(), void,
                       input_does_not_end_in_the_normalized_shape<Layer, shape_t<X>>>;

}  // namespace detail

/// (x - mean) / sqrt(var + eps) * weight + bias, mean and var (biased) over the last axes, whose extents are stated:
/// `LayerNorm<64>` (Ba, Kiros and Hinton 2016). Names and defaults are PyTorch's.
template <std::size_t... Dims> struct LayerNorm {
    static constexpr shape normalized_shape = Shape<Dims...>::value;
    static constexpr bool is_affine = true, has_initial_values = true, keeps_width = true;
    template <class X, std::size_t... Index> using misfit = detail::normalized_shape_misfit<LayerNorm, X>;

    option eps = 1e-5;
    Tensor<float, Dims...> weight = Tensor<float, Dims...>::ones(), bias{};

    template <class X> constexpr X forward(X x) const {
        using V = value_for<X>;
        const auto [mean, var] =
            detail::moments_over<V>(V{x}, detail::axes_from(x.rank - normalized_shape.rank, x.rank));
        const V y = (V{x} - mean) * rsqrt(var + detail::option_beside(x, eps));
        return {detail::scale_and_shift(x, y, *this, normalized_shape)};
    }
    template <class... X> constexpr called<const LayerNorm&, X...> operator()(X&&... x) const& noexcept {
        return ashlar::detail::call_or_fault(*this, std::forward<X>(x)...);
    }
    template <class... X> constexpr called<LayerNorm, X...> operator()(X&&... x) && noexcept {
        return ashlar::detail::call_or_fault(std::move(*this), std::forward<X>(x)...);
    }
    constexpr void reset_parameters(generator&) { weight = weight.ones(), bias = bias.zeros(); }
    using members = layer_members<&LayerNorm::eps, &LayerNorm::weight, &LayerNorm::bias>;
};

/// x / sqrt(mean(x^2) + eps) * weight over the last axes (Zhang and Sennrich 2019). As in PyTorch eps is that of the
/// type, 2^-23, unless said otherwise.
template <std::size_t... Dims> struct RMSNorm {
    static constexpr shape normalized_shape = Shape<Dims...>::value;
    static constexpr bool has_initial_values = true;
    template <class X, std::size_t... Index> using misfit = detail::normalized_shape_misfit<RMSNorm, X>;

    option eps = 1.1920928955078125e-07;
    Tensor<float, Dims...> weight = Tensor<float, Dims...>::ones();

    template <class X> constexpr X forward(X x) const {
        using V = value_for<X>;
        const V v{x}, square = detail::mean_over<V>(v * v, detail::axes_from(x.rank - normalized_shape.rank, x.rank));
        const V y = v * rsqrt(square + detail::option_beside(x, eps));
        return {V{y * detail::member_as(x, weight, normalized_shape)}};
    }
    template <class... X> constexpr called<const RMSNorm&, X...> operator()(X&&... x) const& noexcept {
        return ashlar::detail::call_or_fault(*this, std::forward<X>(x)...);
    }
    template <class... X> constexpr called<RMSNorm, X...> operator()(X&&... x) && noexcept {
        return ashlar::detail::call_or_fault(std::move(*this), std::forward<X>(x)...);
    }
    constexpr void reset_parameters(generator&) { weight = weight.ones(); }
    using members = layer_members<&RMSNorm::eps, &RMSNorm::weight>;
};

}  // namespace ashlar::nn
