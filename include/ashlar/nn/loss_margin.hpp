// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/nn/loss.hpp"
#include "ashlar/ops/cumsum.hpp"
#include "ashlar/ops/gather.hpp"
#include "ashlar/ops/logsigmoid.hpp"
#include "ashlar/ops/minimum.hpp"
#include "ashlar/ops/norm.hpp"
#include "ashlar/ops/relu.hpp"
#include "ashlar/ops/sqrt.hpp"

// Losses with a margin. The reduction is a tag, as that of MSELoss; targets of signs are 1 and -1.
namespace ashlar::nn {

/// An option of TripletMarginLoss: the negative is held against the positive, too, and the nearer one counts.
struct swap {};

namespace detail {

// PyTorch's clamp_min(z, 0), with a derivative at 0.
constexpr auto not_below_zero(auto z) { return where(z < 0, 0, z); }

// 0, 1, ... along an axis.
template <int Axis, class X> constexpr auto places_on(const X& x) {
    constexpr shape s = line_along(X::extent, Axis);
    return typename handle_with<std::int32_t, dims_of<ashlar::detail::shape_constant<s>>>::type{
        ashlar::detail::places_along(*x.g, X::extent, 1 << Axis)};
}

template <class Y> inline constexpr bool is_label =
    is_index<Y> && ashlar::detail::is_index_type<typename Y::value_type>;
template <class Loss, class Y> using no_labels =
    deferred<class_indices_have_to_be_whole_numbers__a_target_of_int<Loss, shape_t<Y>, typename Y::value_type>>;

}  // namespace detail

/// x where the target is 1, max(0, margin - x) where it is -1. Shapes: equal.
template <class Reduction = reduction::mean> struct HingeEmbeddingLoss {
    option margin = 1;
    using members = layer_members<&HingeEmbeddingLoss::margin>;

    constexpr auto forward(expression auto x, expression auto y) const {
        return detail::loss_of_pair<Reduction>(*this, x, y);
    }
    constexpr auto unreduced(auto x, auto y) const {
        return where(eq(y, 1), 0, detail::not_below_zero(margin - x)) + where(eq(y, -1), 0, x);
    }
    template <class X, class Y>
    constexpr called<const HingeEmbeddingLoss&, X, Y> operator()(X&& x, Y&& y) const noexcept {
        return ashlar::detail::call_or_fault(*this, std::forward<X>(x), std::forward<Y>(y));
    }
};

/// max(0, margin - y (x1 - x2)): with y = 1 the first ought to be the larger. Shapes: equal.
template <class Reduction = reduction::mean> struct MarginRankingLoss {
    option margin = 0.0;
    using members = layer_members<&MarginRankingLoss::margin>;

    constexpr auto forward(expression auto first, expression auto second, expression auto y) const {
        using A = shape_t<decltype(first)>;
        using B = shape_t<decltype(second)>;
        using Y = shape_t<decltype(y)>;
        if constexpr (!std::same_as<A, B> || !std::same_as<A, Y>)
            return deferred<loss_inputs_differ<MarginRankingLoss, A, B, Y>>{};
        else return detail::reduce_loss<Reduction>(detail::not_below_zero(margin - y * (first - second)));
    }
    template <class... X> constexpr called<const MarginRankingLoss&, X...> operator()(X&&... x) const noexcept {
        return ashlar::detail::call_or_fault(*this, std::forward<X>(x)...);
    }
};

/// log(1 + e^(-y x)), which does not overflow. Shapes: equal.
template <class Reduction = reduction::mean> struct SoftMarginLoss : loss_layer<SoftMarginLoss<Reduction>> {
    constexpr auto forward(expression auto x, expression auto y) const {
        return detail::loss_of_pair<Reduction>(*this, x, y);
    }
    static constexpr auto unreduced(auto x, auto y) { return ashlar::detail::log_1_plus_exp(-(y * x)); }
};

/// Of scores (N, C) or (C) and the index of a class (N) or (): the sum over the other classes i of
/// max(0, margin - x[y] + x[i])^p, p = 1 or 2, divided by C; with `weighted<C>` times the weight of the class.
/// Edges: nan for an index that is no class.
template <class Reduction = reduction::mean, class Weight = unweighted> struct MultiMarginLoss {
    static constexpr bool is_weighted = !std::same_as<Weight, unweighted>;
    option p = 1, margin = 1;
    [[no_unique_address]] typename Weight::type weight = Weight::type::ones();
    using members =
        std::conditional_t<is_weighted,
                           layer_members<&MultiMarginLoss::p, &MultiMarginLoss::margin, &MultiMarginLoss::weight>,
                           layer_members<&MultiMarginLoss::p, &MultiMarginLoss::margin>>;

    constexpr auto forward(expression auto x, expression auto y) const {
        using X = decltype(x);
        using Y = decltype(y);
        constexpr int axis = X::extent.rank - 1;
        if constexpr (axis < 0 || axis > 1 ||
                      !(ashlar::detail::reduced_shape(X::extent, 1 << axis, 1 << axis) == Y::extent))
            return deferred<loss_input_and_target_differ<MultiMarginLoss, shape_t<X>, shape_t<Y>>>{};
        else if constexpr (!detail::is_label<Y>) return detail::no_labels<MultiMarginLoss, Y>{};
        else if constexpr (detail::weights_differ<Weight, X::extent[axis]>)
            return deferred<loss_inputs_differ<MultiMarginLoss, shape_t<X>, shape_t<decltype(weight)>>>{};
        else return detail::reduce_loss<Reduction>(of<axis>(x, unsqueeze<axis>(y)));
    }
    template <class X, class Y>
    constexpr called<detail::held_loss<MultiMarginLoss>, X, Y> operator()(X&& x, Y&& y) const noexcept {
        using held = detail::held_loss<MultiMarginLoss>;
        return ashlar::detail::call_or_fault(held(*this), std::forward<X>(x), std::forward<Y>(y));
    }

private:
    template <int Axis, class X, class Y> constexpr auto of(X x, Y y) const {
        const auto z = relu(margin - gather<Axis>(x, y) + x);
        const auto others = where(ne(detail::places_on<Axis>(x), y), where(eq(p, 1), z, z * z), 0);
        const auto losses = sum<Axis>(others) * ratio<1, X::extent[Axis]>{};
        if constexpr (is_weighted)
            return losses *
                   ashlar::detail::reshape_to(gather<0>(weight, reshape<static_cast<std::size_t>(Y::extent.size())>(y)),
                                              shape_t<decltype(losses)>{});
        else return losses;
    }
};

/// Of scores (N, C) or (C) and indices of classes in the same shape, which count up to the first that is negative: the
/// sum over those classes j, and over the classes i that are none of them, of max(0, 1 - x[j] + x[i]), divided by C.
/// Edges: nan for an index that is no class.
template <class Reduction = reduction::mean>
struct MultiLabelMarginLoss : loss_layer<MultiLabelMarginLoss<Reduction>> {
    constexpr auto forward(expression auto x, expression auto y) const {
        using X = decltype(x);
        using Y = decltype(y);
        if constexpr (X::extent.rank < 1 || X::extent.rank > 2 || !std::same_as<shape_t<X>, shape_t<Y>>)
            return deferred<loss_input_and_target_differ<MultiLabelMarginLoss, shape_t<X>, shape_t<Y>>>{};
        else if constexpr (!detail::is_label<Y>) return detail::no_labels<MultiLabelMarginLoss, Y>{};
        else return detail::reduce_loss<Reduction>(of<X::extent.rank - 1>(x, y));
    }

private:
    template <int Axis, class X, class Y> static constexpr auto of(X x, Y y) {
        const auto counts = eq(cumsum<Axis>(where(y < 0, 1, 0)), 0);
        const auto label = where(counts, y, 0);
        const auto named = unsqueeze<Axis + 1>(counts);  // (N, C, 1): the index j
        const auto is_named = where(eq(unsqueeze<Axis + 1>(label), detail::places_on<Axis>(x)), named, 0);
        const auto others = unsqueeze<Axis>(eq(sum<Axis>(is_named), 0));  // (N, 1, C): the class i
        const auto z = relu(1 - unsqueeze<Axis + 1>(gather<Axis>(x, label)) + unsqueeze<Axis>(x));
        return sum<Axis, Axis + 1>(where(named, where(others, z, 0), 0)) * ratio<1, X::extent[Axis]>{};
    }
};

/// 1 - cos where y is 1, max(0, cos - margin) where it is -1, cos that of the angle between the vectors x1 and x2.
/// Shapes: (N, D), (N, D) and (N); or (D), (D) and ().
template <class Reduction = reduction::mean> struct CosineEmbeddingLoss {
    option margin = 0.0;
    using members = layer_members<&CosineEmbeddingLoss::margin>;

    constexpr auto forward(expression auto first, expression auto second, expression auto y) const {
        using A = decltype(first);
        constexpr int axis = A::extent.rank - 1;
        if constexpr (axis < 0 || axis > 1 || !std::same_as<shape_t<A>, shape_t<decltype(second)>> ||
                      !(ashlar::detail::reduced_shape(A::extent, 1 << axis, 1 << axis) == decltype(y)::extent))
            return deferred<
                loss_inputs_differ<CosineEmbeddingLoss, shape_t<A>, shape_t<decltype(second)>, shape_t<decltype(y)>>>{};
        else return detail::reduce_loss<Reduction>(of<axis>(first, second, y));
    }
    template <class... X> constexpr called<const CosineEmbeddingLoss&, X...> operator()(X&&... x) const noexcept {
        return ashlar::detail::call_or_fault(*this, std::forward<X>(x)...);
    }

private:
    template <int Axis> constexpr auto of(auto a, auto b, auto y) const {
        constexpr double least = 1e-12;  // as PyTorch has it: nothing is divided by 0
        const auto lengths = sqrt((sum<Axis>(a * a) + least) * (sum<Axis>(b * b) + least));
        const auto cosine = sum<Axis>(a * b) / lengths;
        return where(eq(y, 1), 1 - cosine, 0) + where(eq(y, -1), detail::not_below_zero(cosine - margin), 0);
    }
};

/// max(0, margin + d(anchor, positive) - d(anchor, negative)) with d(a, b) the P-norm of a - b + eps over the last
/// axis; with the option `swap`, d(positive, negative) where it is smaller than the last. Shapes: equal.
/// Source: Balntas et al. 2016.
template <class Reduction = reduction::mean, auto P = 2, class... Options> struct TripletMarginLoss {
    option margin = 1, eps = 1e-6;
    using members = layer_members<&TripletMarginLoss::margin, &TripletMarginLoss::eps>;

    constexpr auto forward(expression auto anchor, expression auto positive, expression auto negative) const {
        using A = shape_t<decltype(anchor)>;
        using B = shape_t<decltype(positive)>;
        using C = shape_t<decltype(negative)>;
        if constexpr (!std::same_as<A, B> || !std::same_as<A, C> || decltype(anchor)::extent.rank == 0)
            return deferred<loss_inputs_differ<TripletMarginLoss, A, B, C>>{};
        else return detail::reduce_loss<Reduction>(of(anchor, positive, negative));
    }
    template <class... X> constexpr called<const TripletMarginLoss&, X...> operator()(X&&... x) const noexcept {
        return ashlar::detail::call_or_fault(*this, std::forward<X>(x)...);
    }

private:
    constexpr auto distance(auto a, auto b) const { return norm<P, -1>(a - b + eps); }
    constexpr auto of(auto anchor, auto positive, auto negative) const {
        const auto to_positive = distance(anchor, positive), to_negative = distance(anchor, negative);
        if constexpr ((std::same_as<Options, swap> || ...))
            return detail::not_below_zero(margin + to_positive - minimum(to_negative, distance(positive, negative)));
        else return detail::not_below_zero(margin + to_positive - to_negative);
    }
};

}  // namespace ashlar::nn
