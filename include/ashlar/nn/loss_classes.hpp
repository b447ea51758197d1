// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/nn/loss.hpp"
#include "ashlar/ops/binary_cross_entropy.hpp"
#include "ashlar/ops/exp.hpp"
#include "ashlar/ops/gather.hpp"
#include "ashlar/ops/log.hpp"

// Losses of probabilities. The reduction is a tag, as that of MSELoss.
namespace ashlar::nn {

namespace detail {
template <class Weight, class Losses> constexpr auto times_weight(const Losses& losses, const auto& weight) {
    if constexpr (is_tensor<typename Weight::type>) return losses * weight;
    else return losses;
}
}  // namespace detail

/// An option of KLDivLoss: the target is a logarithm, too.
struct log_target {};

/// The negative log likelihood: of log-probabilities x (N, C, ...) or (C), the classes on axis 1 (0 if unbatched), that
/// of the class which y (N, ...) names. `mean` divides by the number of rows not ignored, with `weighted<C>` by the
/// weights of their classes.
/// Edges: an index that is no class, nor to be ignored, makes the loss of its row nan, thereby mean and sum, and with
/// mean the gradient of all rows.
template <class Reduction = reduction::mean, class Weight = unweighted> struct NLLLoss {
    static constexpr bool is_weighted = !std::same_as<Weight, unweighted>;
    option ignore_index = -100;
    [[no_unique_address]] typename Weight::type weight = Weight::type::ones();
    using members = std::conditional_t<is_weighted, layer_members<&NLLLoss::ignore_index, &NLLLoss::weight>,
                                       layer_members<&NLLLoss::ignore_index>>;

    constexpr auto forward(expression auto x, expression auto y) const {
        constexpr shape s = decltype(x)::extent;
        if constexpr (s.rank == 0)
            return deferred<loss_input_and_target_differ<NLLLoss, shape_t<decltype(x)>, shape_t<decltype(y)>>>{};
        else return of < s.rank == 1 ? 0 : 1 > (x, y);
    }
    template <class X, class Y>
    constexpr called<detail::held_loss<NLLLoss>, X, Y> operator()(X&& x, Y&& y) const noexcept {
        using held = detail::held_loss<NLLLoss>;
        return ashlar::detail::call_or_fault(held(*this), std::forward<X>(x), std::forward<Y>(y));
    }

private:
    template <int Axis, class X, class Y> constexpr auto of(X x, Y y) const {
        using T = typename X::value_type;
        constexpr shape s = X::extent;
        constexpr bool one_for_each_row = ashlar::detail::reduced_shape(s, 1 << Axis, 1 << Axis) == Y::extent;
        if constexpr (!std::is_floating_point_v<T>) {
            return deferred<the_scores_come_first_and_have_to_be_floating<NLLLoss, T>>{};
        } else if constexpr (!one_for_each_row) {
            return deferred<loss_input_and_target_differ<NLLLoss, shape_t<X>, shape_t<Y>>>{};
        } else if constexpr (!detail::is_index<Y>) {
            return deferred<
                class_indices_have_to_be_whole_numbers__a_target_of_int<NLLLoss, shape_t<Y>, typename Y::value_type>>{};
        } else if constexpr (detail::weights_differ<Weight, s[Axis]>) {
            return deferred<loss_inputs_differ<NLLLoss, shape_t<X>, shape_t<decltype(weight)>>>{};
        } else if constexpr (!ashlar::detail::is_index_type<typename Y::value_type>) {
            return of<Axis>(x, to<int>(y));
        } else {
            const auto counted = ne(y, ignore_index);
            const auto likelihoods = squeeze<Axis>(gather<Axis>(x, unsqueeze<Axis>(y)));
            const auto is_class =
                where(y < 0, kernels::format<T>::nan, where(y >= s[Axis], kernels::format<T>::nan, 1));
            return reduced(where(counted, -likelihoods * weights_of(y), 0),
                           where(counted, weights_of(y) * is_class, 0));
        }
    }
    template <class Y> constexpr auto weights_of([[maybe_unused]] const Y& y) const {
        if constexpr (!is_weighted) return ratio<1>{};
        else
            return ashlar::detail::reshape_to(gather<0>(weight, reshape<static_cast<std::size_t>(Y::extent.size())>(y)),
                                              shape_t<Y>{});
    }
    static constexpr auto reduced(auto losses, auto rows) {
        if constexpr (std::same_as<Reduction, reduction::mean>) return sum(losses) / sum(rows);
        else return detail::reduce_loss<Reduction>(losses);
    }
};

/// The cross entropy of probabilities x with targets y from 0 to 1. Logarithms are at least -100. A `weight` multiplies
/// the losses of elements, and `mean` divides by their number: `weighted_elements<Dims...>`, which broadcast, or
/// `weighted<C>` for the last axis. Shapes: equal.
template <class Reduction = reduction::mean, class Weight = unweighted> struct BCELoss {
    static constexpr bool is_weighted = !std::same_as<Weight, unweighted>;
    static constexpr double target_range[] = {0, 1};  // `fit` looks
    [[no_unique_address]] typename Weight::type weight = Weight::type::ones();
    using members = std::conditional_t<is_weighted, layer_members<&BCELoss::weight>, layer_members<>>;

    constexpr auto forward(expression auto x, expression auto y) const {
        if constexpr (!detail::weights_broadcast<Weight, decltype(x)>)
            return deferred<loss_inputs_differ<BCELoss, shape_t<decltype(x)>, shape_t<decltype(weight)>>>{};
        else return detail::loss_of_pair<Reduction>(*this, x, y);
    }
    constexpr auto unreduced(auto x, auto y) const {
        return detail::times_weight<Weight>(apply<binary_cross_entropy_op>(x, y), weight);
    }
    template <class X, class Y>
    constexpr called<detail::held_loss<BCELoss>, X, Y> operator()(X&& x, Y&& y) const noexcept {
        using held = detail::held_loss<BCELoss>;
        return ashlar::detail::call_or_fault(held(*this), std::forward<X>(x), std::forward<Y>(y));
    }
};

/// The same of logits. `weighted<C>` has a `pos_weight` for each of C classes, which are on the last axis; what follows
/// it is BCELoss's `weight`. Shapes: equal.
template <class Reduction = reduction::mean, class PosWeight = unweighted, class Weight = unweighted>
struct BCEWithLogitsLoss {
    static constexpr bool has_pos_weight = !std::same_as<PosWeight, unweighted>,
                          has_weight = !std::same_as<Weight, unweighted>, is_weighted = has_pos_weight || has_weight;
    static constexpr double target_range[] = {0, 1};
    [[no_unique_address]] typename PosWeight::type pos_weight = PosWeight::type::ones();
    [[no_unique_address]] typename Weight::type weight = Weight::type::ones();

    constexpr auto forward(expression auto x, expression auto y) const {
        constexpr shape s = decltype(x)::extent;
        if constexpr (has_pos_weight && detail::weights_differ < PosWeight, s.rank == 0 ? 1 : s[s.rank - 1] >)
            return deferred<
                loss_inputs_differ<BCEWithLogitsLoss, shape_t<decltype(x)>, shape_t<decltype(pos_weight)>>>{};
        else if constexpr (!detail::weights_broadcast<Weight, decltype(x)>)
            return deferred<loss_inputs_differ<BCEWithLogitsLoss, shape_t<decltype(x)>, shape_t<decltype(weight)>>>{};
        else return detail::loss_of_pair<Reduction>(*this, x, y);
    }
    constexpr auto unreduced(auto x, auto y) const { return detail::times_weight<Weight>(losses(x, y), weight); }
    template <class X, class Y>
    constexpr called<detail::held_loss<BCEWithLogitsLoss>, X, Y> operator()(X&& x, Y&& y) const noexcept {
        using held = detail::held_loss<BCEWithLogitsLoss>;
        return ashlar::detail::call_or_fault(held(*this), std::forward<X>(x), std::forward<Y>(y));
    }
    static constexpr void members(auto& self, auto&& visit) {
        if constexpr (has_pos_weight) visit("pos_weight", self.pos_weight);
        if constexpr (has_weight) visit("weight", self.weight);
    }

private:
    constexpr auto losses(auto x, auto y) const {
        if constexpr (has_pos_weight) return apply<binary_cross_entropy_with_logits_op>(x, y, pos_weight);
        else return apply<binary_cross_entropy_with_logits_op>(x, y, ratio<1>{});
    }
};

/// The divergence of Kullback and Leibler of log-probabilities x from probabilities y. `mean` divides by the number of
/// elements, `batchmean`, as mathematics has it, by that of the rows. Shapes: equal.
/// Value: y (log(y) - x), 0 for y log(y) where y = 0; with `log_target` e^y (y - x).
template <class Reduction = reduction::mean, class... Options>
struct KLDivLoss : loss_layer<KLDivLoss<Reduction, Options...>> {
    constexpr auto forward(expression auto x, expression auto y) const {
        return detail::loss_of_pair<Reduction>(*this, x, y);
    }
    static constexpr auto unreduced(auto x, auto y) {
        if constexpr ((std::same_as<Options, log_target> || ...)) return exp(y) * (y - x);
        else return where(eq(y, 0), 0, y * log(y)) - y * x;
    }
};

}  // namespace ashlar::nn
