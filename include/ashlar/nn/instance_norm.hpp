// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/nn/group_norm.hpp"

namespace ashlar::nn {
namespace detail {

// 0.1, as PyTorch has it.
template <bool Has> constexpr member_if<Has, option> usual_momentum() {
    if constexpr (Has) return 0.1;
    else return {};
}

}  // namespace detail

/// What InstanceNorm1d, 2d and 3d are: each channel of each example by itself (Ulyanov, Vedaldi and Lempitsky 2016), by
/// default without weight and bias. Options: nn::affine, nn::real<double>, nn::track_running_stats. With the last the
/// evaluation form normalises by running statistics, as BatchNorm does; the training form moves them by `momentum`
/// towards the means of those of all examples (of the unbiased var), and, as PyTorch, does not count its batches.
template <int Dimensions, std::size_t Channels, class... Options> struct instance_norm {
    using real_type = detail::real_of<Options...>;
    static constexpr std::size_t num_features = Channels;
    static constexpr bool is_affine = (std::same_as<Options, affine> || ...), has_initial_values = true;
    static constexpr bool has_statistics = (std::same_as<Options, track_running_stats> || ...);

    option eps = 1e-5;
    [[no_unique_address]] detail::member_if<has_statistics, option> momentum = detail::usual_momentum<has_statistics>();
    [[no_unique_address]] detail::member_if<is_affine, Tensor<real_type, Channels>> weight{}, bias{};
    [[no_unique_address]] detail::member_if<has_statistics, buffer<real_type, Channels>> running_mean{}, running_var{};
    [[no_unique_address]] detail::member_if<has_statistics, buffer<std::int64_t>> num_batches_tracked{};

    constexpr instance_norm() { reset(); }

    template <class X> constexpr ashlar::detail::floating<X> forward(X x) const {
        constexpr shape channels = [] {
            shape s{};
            for (int i = 0; i <= Dimensions; ++i) s.extent[s.rank++] = i == 0 ? static_cast<index>(Channels) : 1;
            return s;
        }();
        constexpr auto batch = X::extent.rank == Dimensions + 1 ? 1 : X::extent[0],
                       planes = batch * static_cast<index>(Channels);
        if constexpr (has_statistics) {
            if (!x.g->training) return evaluated(x, channels);
            track(x, batch, planes);
        }
        return detail::normalize_groups(x, *this, planes, channels);
    }
    constexpr void reset_parameters(generator&) { reset(); }
    static constexpr void members(auto& self, auto&& visit) {
        visit("eps", self.eps);
        if constexpr (has_statistics) visit("momentum", self.momentum);
        if constexpr (is_affine) visit("weight", self.weight), visit("bias", self.bias);
        if constexpr (has_statistics)
            visit("running_mean", self.running_mean), visit("running_var", self.running_var),
                visit("num_batches_tracked", self.num_batches_tracked);
    }

private:
    template <class X> constexpr ashlar::detail::floating<X> evaluated(const X& x, const shape& channels) const {
        using V = value_for<X>;
        const V scale = rsqrt(detail::member_as(x, running_var, channels) + detail::option_beside(x, eps));
        const V y = (V{x} - detail::member_as(x, running_mean, channels)) * scale;
        return {detail::scale_and_shift(x, y, *this, channels)};
    }
    // The statistics are those that normalize_groups takes, and computed once.
    template <class X> constexpr void track(const X& x, index batch, index planes) const {
        using V = value_for<X>;
        const index n = X::extent.size() / planes;
        const auto each = detail::moments_over<V>(reshape_value(V{x}, shape{2, {planes, n}}), 2);
        const auto over_batch = [&](const V& v) {
            return detail::mean_over<V>(reshape_value(v, shape{2, {batch, planes / batch}}), 1);
        };
        const V share = detail::option_beside(x, momentum);
        detail::move_towards(x, running_mean, over_batch(each.mean), share);
        detail::move_towards(x, running_var, over_batch(each.var) * detail::unbiased_factor(n), share);
    }
    constexpr void reset() {
        detail::reset_affine(*this);
        if constexpr (has_statistics)
            running_mean = running_mean.zeros(), running_var = running_var.ones(), num_batches_tracked = 0;
    }
};

/// Shapes: (N, Channels, L) or (Channels, L).
template <std::size_t Channels, class... Options> struct InstanceNorm1d : instance_norm<1, Channels, Options...> {
    template <class X, std::size_t... Index> using misfit = detail::instances_misfit<InstanceNorm1d, 1, X, Index...>;
    template <class... X> constexpr called<const InstanceNorm1d&, X...> operator()(X&&... x) const& noexcept {
        return ashlar::detail::call_or_fault(*this, std::forward<X>(x)...);
    }
    template <class... X> constexpr called<InstanceNorm1d, X...> operator()(X&&... x) && noexcept {
        return ashlar::detail::call_or_fault(std::move(*this), std::forward<X>(x)...);
    }
};
/// Shapes: (N, Channels, H, W) or (Channels, H, W).
template <std::size_t Channels, class... Options> struct InstanceNorm2d : instance_norm<2, Channels, Options...> {
    template <class X, std::size_t... Index> using misfit = detail::instances_misfit<InstanceNorm2d, 2, X, Index...>;
    template <class... X> constexpr called<const InstanceNorm2d&, X...> operator()(X&&... x) const& noexcept {
        return ashlar::detail::call_or_fault(*this, std::forward<X>(x)...);
    }
    template <class... X> constexpr called<InstanceNorm2d, X...> operator()(X&&... x) && noexcept {
        return ashlar::detail::call_or_fault(std::move(*this), std::forward<X>(x)...);
    }
};
/// Shapes: (N, Channels, D, H, W) or (Channels, D, H, W).
template <std::size_t Channels, class... Options> struct InstanceNorm3d : instance_norm<3, Channels, Options...> {
    template <class X, std::size_t... Index> using misfit = detail::instances_misfit<InstanceNorm3d, 3, X, Index...>;
    template <class... X> constexpr called<const InstanceNorm3d&, X...> operator()(X&&... x) const& noexcept {
        return ashlar::detail::call_or_fault(*this, std::forward<X>(x)...);
    }
    template <class... X> constexpr called<InstanceNorm3d, X...> operator()(X&&... x) && noexcept {
        return ashlar::detail::call_or_fault(std::move(*this), std::forward<X>(x)...);
    }
};

}  // namespace ashlar::nn
