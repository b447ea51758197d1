// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/nn/init.hpp"
#include "ashlar/nn/normalize.hpp"
#include "ashlar/nn/real.hpp"

namespace ashlar::nn {

/// What BatchNorm1d, 2d and 3d are: (x - mean) / sqrt(var + eps) * weight + bias for each channel, axis 1 (Ioffe and
/// Szegedy 2015). In the training form mean and var (biased) are those of the batch, and the running ones move by
/// `momentum` towards them (towards the unbiased var; of one value for each channel that is nan); in the evaluation
/// form they are the running ones. Members, names and defaults are PyTorch's. Options: nn::no_affine,
/// nn::no_running_stats, nn::no_momentum (the running ones are the means of those of all batches), nn::real<double>.
template <std::size_t Channels, class... Options> struct batch_norm {
    using real_type = detail::real_of<Options...>;
    static constexpr std::size_t num_features = Channels;
    static constexpr bool is_affine = !(std::same_as<Options, no_affine> || ...);
    static constexpr bool has_statistics = !(std::same_as<Options, no_running_stats> || ...);
    static constexpr bool is_cumulative = (std::same_as<Options, no_momentum> || ...);
    static constexpr bool has_initial_values = true, keeps_width = true;

    option eps = 1e-5, momentum = 0.1;
    [[no_unique_address]] detail::member_if<is_affine, Tensor<real_type, Channels>> weight{}, bias{};
    [[no_unique_address]] detail::member_if<has_statistics, buffer<real_type, Channels>> running_mean{}, running_var{};
    [[no_unique_address]] detail::member_if<has_statistics, buffer<std::int64_t>> num_batches_tracked{};

    constexpr batch_norm() { reset(); }

    template <class X> constexpr ashlar::detail::floating<X> forward(X x) const {
        using V = value_for<X>;
        const V v{x};
        const shape s = detail::beside_channels(X::extent);
        const auto normalized = [&](const V& mean, const V& var) {
            V scale = rsqrt(var + detail::option_beside(x, eps));
            if constexpr (is_affine) scale = scale * detail::member_as(x, weight, s);
            const V y = (v - mean) * scale;
            if constexpr (is_affine) return y + detail::member_as(x, bias, s);
            else return y;
        };
        if constexpr (has_statistics)
            if (!x.g->training)
                return {normalized(detail::member_as(x, running_mean, s), detail::member_as(x, running_var, s))};
        const auto batch = detail::moments_over<V>(v, detail::axes_from(0, s.rank + 1) & ~2);
        if constexpr (has_statistics) {
            const V share = share_of_batch(x);
            detail::move_towards(x, running_mean, batch.mean, share);
            detail::move_towards(x, running_var,
                                 batch.var * detail::unbiased_factor(X::extent.size() / static_cast<index>(Channels)),
                                 share);
            update(num_batches_tracked, num_batches_tracked + 1, x);
        }
        return {normalized(batch.mean, batch.var)};
    }
    constexpr void reset_parameters(generator&) { reset(); }
    static constexpr void members(auto& self, auto&& visit) {
        visit("eps", self.eps), visit("momentum", self.momentum);
        if constexpr (is_affine) visit("weight", self.weight), visit("bias", self.bias);
        if constexpr (has_statistics)
            visit("running_mean", self.running_mean), visit("running_var", self.running_var),
                visit("num_batches_tracked", self.num_batches_tracked);
    }

private:
    template <class X> constexpr value_for<X> share_of_batch(const X& x) const {
        if constexpr (!is_cumulative) return detail::option_beside(x, momentum);
        else return 1 / (to<real_type>(detail::member_as(x, num_batches_tracked, shape{})) + 1);
    }
    constexpr void reset() {
        detail::reset_affine(*this);
        if constexpr (has_statistics)
            running_mean = running_mean.zeros(), running_var = running_var.ones(), num_batches_tracked = 0;
    }
};

/// Shapes: (N, Channels) or (N, Channels, L).
template <std::size_t Channels, class... Options> struct BatchNorm1d : batch_norm<Channels, Options...> {
    template <class X, std::size_t... Index> using misfit = detail::axis_1_misfit<BatchNorm1d, 2, 3, X, Index...>;
    template <class... X> constexpr called<const BatchNorm1d&, X...> operator()(X&&... x) const& noexcept {
        return ashlar::detail::call_or_fault(*this, std::forward<X>(x)...);
    }
    template <class... X> constexpr called<BatchNorm1d, X...> operator()(X&&... x) && noexcept {
        return ashlar::detail::call_or_fault(std::move(*this), std::forward<X>(x)...);
    }
};
/// Shapes: (N, Channels, H, W).
template <std::size_t Channels, class... Options> struct BatchNorm2d : batch_norm<Channels, Options...> {
    template <class X, std::size_t... Index> using misfit = detail::axis_1_misfit<BatchNorm2d, 4, 4, X, Index...>;
    template <class... X> constexpr called<const BatchNorm2d&, X...> operator()(X&&... x) const& noexcept {
        return ashlar::detail::call_or_fault(*this, std::forward<X>(x)...);
    }
    template <class... X> constexpr called<BatchNorm2d, X...> operator()(X&&... x) && noexcept {
        return ashlar::detail::call_or_fault(std::move(*this), std::forward<X>(x)...);
    }
};
/// Shapes: (N, Channels, D, H, W).
template <std::size_t Channels, class... Options> struct BatchNorm3d : batch_norm<Channels, Options...> {
    template <class X, std::size_t... Index> using misfit = detail::axis_1_misfit<BatchNorm3d, 5, 5, X, Index...>;
    template <class... X> constexpr called<const BatchNorm3d&, X...> operator()(X&&... x) const& noexcept {
        return ashlar::detail::call_or_fault(*this, std::forward<X>(x)...);
    }
    template <class... X> constexpr called<BatchNorm3d, X...> operator()(X&&... x) && noexcept {
        return ashlar::detail::call_or_fault(std::move(*this), std::forward<X>(x)...);
    }
};

}  // namespace ashlar::nn
