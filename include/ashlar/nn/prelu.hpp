// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/nn/init.hpp"
#include "ashlar/nn/layer.hpp"
#include "ashlar/nn/real.hpp"
#include "ashlar/nn/window_options.hpp"
#include "ashlar/ops/leaky_relu.hpp"
#include "ashlar/ops/reshape.hpp"

namespace ashlar::nn {
namespace detail {

/// The channels of x: axis 1; 1 where there is none.
template <class X>
inline constexpr std::size_t channels_on_axis_1 =
    std::remove_cvref_t<X>::extent.rank < 2 ? 1 : static_cast<std::size_t>(std::remove_cvref_t<X>::extent[1]);

template <class Layer, std::size_t Channels, class X, std::size_t... Index> struct channels_misfit {
    using type = input_channels_differ<Layer, Channels, shape_t<X>>;
};
template <class Layer, std::size_t Channels, class X, std::size_t Index>
struct channels_misfit<Layer, Channels, X, Index> {
    using type = layer_shape_mismatch<Layer, Index, Channels, channels_on_axis_1<X>>;
};

// One number for each channel, to be broadcast over what follows axis 1.
template <class X, class Weight> constexpr auto along_channels(const Weight& weight) {
    constexpr int behind = X::extent.rank - 2;
    if constexpr (behind <= 0 || Weight::size() == 1) return reshape<Weight::size()>(weight);
    else
        return [&]<std::size_t... One>(std::index_sequence<One...>) {
            return reshape<Weight::size(), (One * 0 + 1)...>(weight);
        }(std::make_index_sequence<static_cast<std::size_t>(behind)>{});
}

}  // namespace detail

/// x where x > 0, else weight * x: one weight for all, or one for each channel, which are on axis 1. Shapes: any;
/// weight [Channels]. Initialised with 0.25, or what is said: `PReLU<8> slope{0.1f}`. Option: nn::real<double>.
/// Source: He et al. 2015.
template <std::size_t Channels = 1, class... Options> struct PReLU {
    using real_type = detail::real_of<Options...>;
    template <class X, std::size_t... Index> using misfit =
        std::conditional_t<Channels == 1 || detail::channels_on_axis_1<X> == Channels, void,
                           typename detail::channels_misfit<PReLU, Channels, X, Index...>::type>;

    static constexpr bool has_initial_values = true;  // see gradients_of
    Tensor<real_type, Channels> weight;

    constexpr PReLU() : PReLU{0.25f} {}
    constexpr explicit PReLU(real_type init) : weight{Tensor<real_type, Channels>::full(init)} {}
    constexpr explicit PReLU(seed) : PReLU{0.25f} {}

    constexpr auto forward(expression auto x) const {
        return leaky_relu(x, detail::along_channels<decltype(x)>(weight));
    }
    template <class... X> constexpr called<const PReLU&, X...> operator()(X&&... x) const& noexcept {
        return ashlar::detail::call_or_fault(*this, std::forward<X>(x)...);
    }
    template <class... X> constexpr called<PReLU, X...> operator()(X&&... x) && noexcept {
        return ashlar::detail::call_or_fault(std::move(*this), std::forward<X>(x)...);
    }

    constexpr void reset_parameters(generator&) { weight = Tensor<real_type, Channels>::full(0.25f); }
    static constexpr void members(auto& self, auto&& visit) { visit("weight", self.weight); }
};

}  // namespace ashlar::nn
