// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/nn/loss.hpp"
#include "ashlar/ops/abs.hpp"
#include "ashlar/ops/exp.hpp"
#include "ashlar/ops/huber.hpp"
#include "ashlar/ops/log.hpp"
#include "ashlar/ops/minimum.hpp"
#include "ashlar/ops/stop_gradient.hpp"

// Losses of an input that is to be near a target. Shapes: equal. The reduction is a tag, as that of MSELoss.
namespace ashlar::nn {

/// An option of PoissonNLLLoss: the input is the rate itself (PyTorch's log_input=False).
struct no_log_input {};
/// An option of PoissonNLLLoss and GaussianNLLLoss: with the terms that depend on the target only (full=True).
struct full {};

/// |x - y|. Derivative: sign(x - y), 0 where they are equal.
template <class Reduction = reduction::mean> struct L1Loss : loss_layer<L1Loss<Reduction>> {
    constexpr auto forward(expression auto x, expression auto y) const {
        return detail::loss_of_pair<Reduction>(*this, x, y);
    }
    static constexpr auto unreduced(auto x, auto y) { return abs(x - y); }
};

/// (x - y)^2 / (2 beta) where |x - y| < beta, elsewhere |x - y| - beta / 2.
template <class Reduction = reduction::mean> struct SmoothL1Loss {
    option beta = 1;
    using members = layer_members<&SmoothL1Loss::beta>;

    constexpr auto forward(expression auto x, expression auto y) const {
        return detail::loss_of_pair<Reduction>(*this, x, y);
    }
    constexpr auto unreduced(auto x, auto y) const { return apply<smooth_l1_op>(x - y, beta); }
    template <class X, class Y> constexpr called<const SmoothL1Loss&, X, Y> operator()(X&& x, Y&& y) const noexcept {
        return ashlar::detail::call_or_fault(*this, std::forward<X>(x), std::forward<Y>(y));
    }
};

/// (x - y)^2 / 2 where |x - y| <= delta, elsewhere delta * (|x - y| - delta / 2).
template <class Reduction = reduction::mean> struct HuberLoss {
    option delta = 1;
    using members = layer_members<&HuberLoss::delta>;

    constexpr auto forward(expression auto x, expression auto y) const {
        return detail::loss_of_pair<Reduction>(*this, x, y);
    }
    constexpr auto unreduced(auto x, auto y) const { return apply<huber_op>(x - y, delta); }
    template <class X, class Y> constexpr called<const HuberLoss&, X, Y> operator()(X&& x, Y&& y) const noexcept {
        return ashlar::detail::call_or_fault(*this, std::forward<X>(x), std::forward<Y>(y));
    }
};

/// The negative log likelihood of counts y whose rate has the logarithm x.
/// Value: e^x - y x; with `no_log_input` x - y log(x + eps). With `full` Stirling's y log(y) - y + log(2 pi y) / 2 is
/// added where y > 1.
template <class Reduction = reduction::mean, class... Options> struct PoissonNLLLoss {
    option eps = 1e-8;
    using members = layer_members<&PoissonNLLLoss::eps>;

    constexpr auto forward(expression auto x, expression auto y) const {
        return detail::loss_of_pair<Reduction>(*this, x, y);
    }
    constexpr auto unreduced(auto x, auto y) const {
        if constexpr ((std::same_as<Options, full> || ...)) return of(x, y) + stirling(y);
        else return of(x, y);
    }
    template <class X, class Y> constexpr called<const PoissonNLLLoss&, X, Y> operator()(X&& x, Y&& y) const noexcept {
        return ashlar::detail::call_or_fault(*this, std::forward<X>(x), std::forward<Y>(y));
    }

private:
    constexpr auto of(auto x, auto y) const {
        if constexpr ((std::same_as<Options, no_log_input> || ...)) return x - y * log(x + eps);
        else return exp(x) - y * x;
    }
    static constexpr auto stirling(auto y) {
        const auto n = where(y > 1, y, 1);  // no log(0), nor its derivative
        return where(y > 1, n * log(n) - n + 0.5 * log(6.283185307179586 * n), 0);
    }
};

/// The negative log likelihood of y where it is normal around x, with a variance that is a third argument: of the same
/// shape, or with 1 as its last extent, or without the last axis.
/// Value: (log(v) + (x - y)^2 / v) / 2 with v = max(variance, eps); with `full` log(2 pi) / 2 is added. Derivative: as
/// if v were the variance itself. Edges: a negative variance counts as eps (PyTorch raises).
template <class Reduction = reduction::mean, class... Options> struct GaussianNLLLoss {
    option eps = 1e-6;
    using members = layer_members<&GaussianNLLLoss::eps>;

    constexpr auto forward(expression auto x, expression auto y, expression auto variance) const {
        using X = decltype(x);
        using V = decltype(variance);
        constexpr int last = X::extent.rank - 1;
        if constexpr (!std::same_as<shape_t<X>, shape_t<decltype(y)>>)
            return deferred<loss_input_and_target_differ<GaussianNLLLoss, shape_t<X>, shape_t<decltype(y)>>>{};
        else if constexpr (V::extent == X::extent || reduces_last<0>(X::extent, V::extent))
            return detail::reduce_loss<Reduction>(of(x, y, variance));
        else if constexpr (last >= 0 && reduces_last<1>(X::extent, V::extent))
            return detail::reduce_loss<Reduction>(of(x, y, unsqueeze<last>(variance)));
        else return deferred<loss_inputs_differ<GaussianNLLLoss, shape_t<X>, shape_t<decltype(y)>, shape_t<V>>>{};
    }
    template <class... X> constexpr called<const GaussianNLLLoss&, X...> operator()(X&&... x) const noexcept {
        return ashlar::detail::call_or_fault(*this, std::forward<X>(x)...);
    }

private:
    template <int Dropped> static constexpr bool reduces_last(const shape& x, const shape& v) {
        return x.rank > 0 &&
               ashlar::detail::reduced_shape(x, 1 << (x.rank - 1), Dropped != 0 ? 1 << (x.rank - 1) : 0) == v;
    }
    constexpr auto of(auto x, auto y, auto variance) const {
        const auto v = variance + stop_gradient(maximum(variance, eps) - variance);
        const auto loss = 0.5 * (log(v) + (x - y) * (x - y) / v);
        if constexpr ((std::same_as<Options, full> || ...)) return loss + 0.9189385332046727;
        else return loss;
    }
};

}  // namespace ashlar::nn
