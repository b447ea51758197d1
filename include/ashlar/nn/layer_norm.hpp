// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/nn/init.hpp"
#include "ashlar/nn/normalize.hpp"
#include "ashlar/nn/real.hpp"

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

/// The extents among what a normalisation is told, which begins with them.
template <auto... Stated> constexpr shape stated_extents() {
    shape s{};
    const auto add = [&s]<class T>(const T& extent) {
        if constexpr (std::is_integral_v<T>) s.extent[s.rank++] = static_cast<index>(extent);
    };
    (add(Stated), ...);
    return s;
}

}  // namespace detail

/// (x - mean) / sqrt(var + eps) * weight + bias, mean and var (biased) over the last axes, whose extents are stated:
/// `LayerNorm<64>` (Ba, Kiros and Hinton 2016). Names and defaults are PyTorch's. Option, an object as the extents
/// are: `LayerNorm<64, nn::real<double>{}>`.
template <auto... Dims> struct LayerNorm {
    using real_type = detail::real_of<std::remove_const_t<decltype(Dims)>...>;
    static constexpr shape normalized_shape = detail::stated_extents<Dims...>();
    static constexpr bool is_affine = true, has_initial_values = true, keeps_width = true;
    template <class X, std::size_t... Index> using misfit = detail::normalized_shape_misfit<LayerNorm, X>;

    option eps = 1e-5;
    typename detail::tensor_with<real_type, normalized_shape>::type weight = decltype(weight)::ones(), bias{};

    template <class X> constexpr ashlar::detail::floating<X> forward(X x) const {
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
/// type, 2^-23 or 2^-52, unless said otherwise. Option: `RMSNorm<64, nn::real<double>{}>`.
template <auto... Dims> struct RMSNorm {
    using real_type = detail::real_of<std::remove_const_t<decltype(Dims)>...>;
    static constexpr shape normalized_shape = detail::stated_extents<Dims...>();
    static constexpr bool has_initial_values = true;
    template <class X, std::size_t... Index> using misfit = detail::normalized_shape_misfit<RMSNorm, X>;

    option eps = std::same_as<real_type, double> ? 0x1p-52 : 0x1p-23;
    typename detail::tensor_with<real_type, normalized_shape>::type weight = decltype(weight)::ones();

    template <class X> constexpr ashlar::detail::floating<X> forward(X x) const {
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

namespace detail {
/// A LayerNorm inside another layer, written as its user writes it.
template <class T, std::size_t Width> using layer_norm_of =
    std::conditional_t<std::same_as<T, float>, LayerNorm<static_cast<int>(Width)>,
                       LayerNorm<static_cast<int>(Width), real<T>{}>>;
}  // namespace detail

}  // namespace ashlar::nn
