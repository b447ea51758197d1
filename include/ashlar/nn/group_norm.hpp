// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/nn/init.hpp"
#include "ashlar/nn/normalize.hpp"
#include "ashlar/nn/real.hpp"

namespace ashlar::nn {
namespace detail {

// Each of `groups` equal parts of every example by itself.
template <class Layer, class X>
constexpr ashlar::detail::floating<X> normalize_groups(const X& x, const Layer& layer, index groups,
                                                       const shape& channels) {
    using V = value_for<X>;
    const index all = X::extent.size();
    const V v = reshape_value(V{x}, shape{2, {groups, all / groups}});
    const auto [mean, var] = moments_over<V>(v, 2);
    const V y = (v - mean) * rsqrt(var + option_beside(x, layer.eps));
    return {scale_and_shift(x, V{reshape_value(y, X::extent)}, layer, channels)};
}

template <class Layer> constexpr void visit_affine(Layer& self, auto&& visit) {
    visit("eps", self.eps);
    if constexpr (Layer::is_affine) visit("weight", self.weight), visit("bias", self.bias);
}

}  // namespace detail

/// (x - mean) / sqrt(var + eps) * weight + bias, mean and var (biased) over each group of channels of each example (Wu
/// and He 2018), weight and bias for each channel. Shapes: (N, Channels, ...). Options: nn::no_affine,
/// nn::real<double>.
template <std::size_t Groups, std::size_t Channels, class... Options> struct GroupNorm {
    using real_type = detail::real_of<Options...>;
    static_assert(Groups > 0 && Channels % Groups == 0, "groups divide the channels");
    static constexpr std::size_t num_features = Channels;
    static constexpr bool is_affine = !(std::same_as<Options, no_affine> || ...), has_initial_values = true;
    template <class X, std::size_t... Index> using misfit = detail::axis_1_misfit<GroupNorm, 2, max_rank, X, Index...>;

    option eps = 1e-5;
    [[no_unique_address]] detail::member_if<is_affine, Tensor<real_type, Channels>> weight{}, bias{};

    constexpr GroupNorm() { detail::reset_affine(*this); }

    template <class X> constexpr ashlar::detail::floating<X> forward(X x) const {
        return detail::normalize_groups(x, *this, X::extent[0] * static_cast<index>(Groups),
                                        detail::beside_channels(X::extent));
    }
    template <class... X> constexpr called<const GroupNorm&, X...> operator()(X&&... x) const& noexcept {
        return ashlar::detail::call_or_fault(*this, std::forward<X>(x)...);
    }
    template <class... X> constexpr called<GroupNorm, X...> operator()(X&&... x) && noexcept {
        return ashlar::detail::call_or_fault(std::move(*this), std::forward<X>(x)...);
    }
    constexpr void reset_parameters(generator&) { detail::reset_affine(*this); }
    static constexpr void members(auto& self, auto&& visit) { detail::visit_affine(self, visit); }
};

}  // namespace ashlar::nn
