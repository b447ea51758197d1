// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/nn/layer.hpp"
#include "ashlar/ops/compare.hpp"
#include "ashlar/ops/div.hpp"
#include "ashlar/ops/softmax.hpp"
#include "ashlar/ops/sub.hpp"
#include "ashlar/ops/sum.hpp"
#include "ashlar/ops/to.hpp"
#include "ashlar/plan/step.hpp"
#include "ashlar/run/evaluate.hpp"

namespace ashlar {
template <class Loss, class Input, class Target> struct loss_input_and_target_differ : refusal {};
// What a target of the right shape may not hold.
template <class Loss, class Target, class Got>
struct class_indices_have_to_be_whole_numbers__a_target_of_int : refusal {};
template <class Loss, class Target, class Got>
struct class_probabilities_have_to_be_floating__convert_with_to : refusal {};
template <class... Got> struct a_loss_is_an_object__write_criterion_braces_and_then_its_call : refusal {};
template <class Loss, class Got> struct the_scores_come_first_and_have_to_be_floating : refusal {};
template <class Loss, class... Inputs> struct loss_inputs_differ : refusal {};
}  // namespace ashlar

namespace ashlar::nn {

/// What a loss does with the losses of its elements. It changes the shape, so it is a tag: `MSELoss<reduction::none>`.
namespace reduction {
struct mean {};
struct sum {};
struct none {};
struct batchmean {};  // the sum, divided by the extent of axis 0
}  // namespace reduction

/// `CrossEntropyLoss<reduction::mean, weighted<10>>{.weight = w}`: a loss with a weight for each of so many classes. It
/// is kept by value and not trained.
template <std::size_t Classes, class T = float> struct weighted {
    using type = Tensor<T, Classes>;
};
/// One with a weight for each element, or a tensor that broadcasts to them:
/// `BCELoss<reduction::mean, weighted_elements<8, 1>>{.weight = w}` for each of 8 rows.
template <std::size_t... Dims> struct weighted_elements {
    using type = Tensor<float, Dims...>;
};
/// One without.
struct unweighted {
    using type = unweighted;
    static constexpr unweighted ones() { return {}; }
};

namespace detail {

template <class Reduction, class X> constexpr auto reduce_loss(const X& x) {
    if constexpr (std::same_as<Reduction, reduction::mean>) return mean(x);
    else if constexpr (std::same_as<Reduction, reduction::sum>) return sum(x);
    else if constexpr (std::same_as<Reduction, reduction::batchmean>)
        return sum(x) * ratio<1, X::extent.rank == 0 ? 1 : X::extent[0]>{};
    else return x;
}

/// What a loss makes of an input and a target of one shape, element by element with its `unreduced`, and reduced.
template <class Reduction, class Loss, class X, class Y>
constexpr auto loss_of_pair(const Loss& loss, const X& x, const Y& y) {
    if constexpr (!std::same_as<shape_t<X>, shape_t<Y>>)
        return deferred<loss_input_and_target_differ<Loss, shape_t<X>, shape_t<Y>>>{};
    else return reduce_loss<Reduction>(loss.unreduced(x, y));
}

// The shape of a line along an axis, to be broadcast over what is before and behind it.
constexpr shape line_along(const shape& s, int axis) {
    shape line{};
    line.rank = s.rank - axis;
    for (int i = 0; i < line.rank; ++i) line.extent[i] = i == 0 ? s[axis] : 1;
    return line;
}

template <class V> constexpr V sum_of_axis(const V& x, int axis) {
    return reduce_value<sum_op>(x, 1 << axis, 1 << axis);
}
template <class V> constexpr V sum_of_all(const V& x) {
    const int all = (1 << x.extents().rank) - 1;
    return reduce_value<sum_op>(x, all, all);
}
// The sum of a matrix; of one beyond the first cache row by row,
// so that rows are summed in the pass that computes them.
template <class V> constexpr V sum_of_rows(const V& x, int axis) {
    const shape& s = x.extents();
    return sum_of_all(s.rank == 2 && axis == 1 && s.size() >= least_tiled_size ? sum_of_axis(x, axis) : x);
}

// What `CrossEntropyLoss(scores, labels)` makes, for `CrossEntropyLoss{}(scores, labels)`.
template <class... Got> struct called_without_an_object;
template <class Fault> struct no_loss : poison {
    constexpr no_loss(const auto&...) { [[maybe_unused]] poison& fault = refused<Fault>; }
    constexpr poison operator()(const auto&...) const { return {}; }
};

template <class Weight, index Classes> inline constexpr bool weights_differ = false;
template <class Weight, index Classes>
    requires(is_tensor<typename Weight::type>)
inline constexpr bool weights_differ<Weight, Classes> = Weight::type::extent[0] != Classes;
template <class Weight, class X> inline constexpr bool weights_broadcast = true;
template <class Weight, class X>
    requires(is_tensor<typename Weight::type>)
inline constexpr bool weights_broadcast<Weight, X> = [] {
    const auto both = broadcast(X::extent, Weight::type::extent);
    return both.ok && both.value == X::extent;
}();
// A loss with weights goes into its call as a value: it may be gone when the call is computed.
template <class Loss> using held_loss = std::conditional_t<Loss::is_weighted, Loss, const Loss&>;

template <class T>
inline constexpr bool is_index = std::is_integral_v<typename std::remove_cvref_t<T>::value_type> &&
                                 !std::same_as<typename std::remove_cvref_t<T>::value_type, bool>;

}  // namespace detail

/// The squared difference, by default its mean over all elements. Shapes: equal.
template <class Reduction = reduction::mean> struct MSELoss : loss_layer<MSELoss<Reduction>> {
    constexpr auto forward(expression auto x, expression auto y) const {
        if constexpr (!std::same_as<shape_t<decltype(x)>, shape_t<decltype(y)>>)
            return deferred<loss_input_and_target_differ<MSELoss, shape_t<decltype(x)>, shape_t<decltype(y)>>>{};
        else return detail::reduce_loss<Reduction>((x - y) * (x - y));
    }
};
template <class... Got> struct MSELoss<detail::called_without_an_object<Got...>>
    : detail::no_loss<a_loss_is_an_object__write_criterion_braces_and_then_its_call<Got...>> {
    using detail::no_loss<a_loss_is_an_object__write_criterion_braces_and_then_its_call<Got...>>::no_loss;
};
template <class X, class... More>
    requires(!module<X>)
MSELoss(const X&, const More&...) -> MSELoss<detail::called_without_an_object<X, More...>>;

/// Cross entropy of logits (N, C) or (C), the classes on axis 1 (0 if unbatched), with class indices (N) or class
/// probabilities (N, C). `mean` divides by the number of rows,
/// with indices by that of the rows not ignored (all ignored: nan).
/// Value: -sum over classes of t log_softmax(x), t = (1 - label_smoothing) target + label_smoothing / C; each class
/// times its weight, where the loss is `weighted<C>`: then `mean` divides by the weights of the rows' classes.
/// Edges: an index that is no class, nor to be ignored, makes the loss of its row nan, thereby mean and sum, and the
/// gradient of its row, with mean that of all rows, nan; where `ashlar::checks`, it is fatal and named, unless the loss
/// is called in a module's body.
template <class Reduction = reduction::mean, class Weight = unweighted> struct CrossEntropyLoss {
    static constexpr bool is_weighted = !std::same_as<Weight, unweighted>;
    option ignore_index = -100;
    option label_smoothing = 0.0;
    [[no_unique_address]] typename Weight::type weight = Weight::type::ones();
    using members = std::conditional_t<
        is_weighted,
        layer_members<&CrossEntropyLoss::ignore_index, &CrossEntropyLoss::label_smoothing, &CrossEntropyLoss::weight>,
        layer_members<&CrossEntropyLoss::ignore_index, &CrossEntropyLoss::label_smoothing>>;

    constexpr auto forward(expression auto x, expression auto y) const {
        constexpr shape s = decltype(x)::extent;
        if constexpr (s.rank == 0)
            return deferred<
                loss_input_and_target_differ<CrossEntropyLoss, shape_t<decltype(x)>, shape_t<decltype(y)>>>{};
        else return of < s.rank == 1 ? 0 : 1 > (x, y);
    }
    template <class X, class Y>
    constexpr called<detail::held_loss<CrossEntropyLoss>, X, Y> operator()(X&& x, Y&& y) const noexcept {
        using held = detail::held_loss<CrossEntropyLoss>;
        return ashlar::detail::call_or_fault(held(*this), std::forward<X>(x), std::forward<Y>(y));
    }

    /// Indices that are no class are fatal.
    template <class X, class Y> void check_arguments(const X&, const Y& y) const {
        if constexpr (detail::is_index<Y> && X::extent.rank > 0) {
            constexpr index classes = X::extent[X::extent.rank == 1 ? 0 : 1];
            const auto labels = eval(y);
            for (std::size_t i = 0; i < labels.size(); ++i) {
                const auto label = labels.data()[i];
                if ((label < 0 || label >= classes) && static_cast<double>(label) != ignore_index.value)
                    fatal(ashlar::detail::message{"CrossEntropyLoss: row ", i, " is of class ", label,
                                                  ", the classes are 0 to ", classes - 1}
                              .text());
            }
        }
    }

private:
    template <int Axis, class X, class Y> constexpr auto of(X x, Y y) const {
        constexpr shape s = X::extent;
        using T = typename Y::value_type;
        constexpr bool one_for_each_row = ashlar::detail::reduced_shape(s, 1 << Axis, 1 << Axis) == Y::extent;
        constexpr bool one_for_each_class = std::same_as<shape_t<X>, shape_t<Y>>;
        if constexpr (!is_floating(dtype_of<typename X::value_type>)) {
            return deferred<the_scores_come_first_and_have_to_be_floating<CrossEntropyLoss, typename X::value_type>>{};
        } else if constexpr (detail::weights_differ<Weight, s[Axis]>) {
            return deferred<loss_inputs_differ<CrossEntropyLoss, shape_t<X>, shape_t<decltype(weight)>>>{};
        } else if constexpr (one_for_each_row && !detail::is_index<Y>) {
            return deferred<class_indices_have_to_be_whole_numbers__a_target_of_int<CrossEntropyLoss, shape_t<Y>, T>>{};
        } else if constexpr (one_for_each_class && !is_floating(dtype_of<T>)) {
            return deferred<
                class_probabilities_have_to_be_floating__convert_with_to<CrossEntropyLoss, shape_t<Y>, T>>{};
        } else if constexpr (detail::is_index<Y>) {
            if constexpr (!one_for_each_row)
                return deferred<loss_input_and_target_differ<CrossEntropyLoss, shape_t<X>, shape_t<Y>>>{};
            else return indices<Axis>(log_softmax<Axis>(x), unsqueeze<Axis>(y));
        } else {
            if constexpr (!one_for_each_class)
                return deferred<loss_input_and_target_differ<CrossEntropyLoss, shape_t<X>, shape_t<Y>>>{};
            else return probabilities<Axis>(log_softmax<Axis>(x), y);
        }
    }

    // What follows computes with values, whose ops are compiled once for all shapes.
    template <int Axis, class L, class Y> constexpr auto indices(L l, Y y) const {
        using T = typename L::value_type;
        return loss_of<T, Axis, L>(losses_of_indices<T, value_for<L>>(l, y, Axis));
    }
    template <int Axis, class L, class Y> constexpr auto probabilities(L l, Y y) const {
        using T =
            typename element_of<promote(dtype_of<typename L::value_type>, dtype_of<typename Y::value_type>)>::type;
        return loss_of<T, Axis, L>(losses_of_probabilities<value_for<L>>(l, y, Axis));
    }
    template <class T, int Axis, class L> static constexpr auto loss_of(const value& loss) {
        constexpr shape s = std::same_as<Reduction, reduction::none>
                                ? ashlar::detail::reduced_shape(L::extent, 1 << Axis, 1 << Axis)
                                : shape{};
        return typename handle_with<T, dims_of<ashlar::detail::shape_constant<s>>>::type{loss};
    }

    template <class T, class V> constexpr V losses_of_indices(V l, V y, int axis) const {
        const index classes = l.extents()[axis];
        const V smoothing = smoothing_in<V>(*l.g);
        const V counted = ne(y, ignore_index);
        // A label that is no class counts as the nearest one, so that its row has a gradient, but its row as nan. Asked
        // of floating numbers, which are exact for all classes: a question to whole ones would need a loop of its own.
        const V label = clamp(to<T>(y), 0, classes - 1);
        const V count = where(counted, where(eq(label, to<T>(y)), 1, kernels::format<float>::nan), 0);
        V rows = detail::sum_of_all(count);  // first: the passes over the logits wait for nothing
        const V place = ashlar::detail::places_along(*l.g, l.extents(), 1 << axis);  // 0, 1, ...
        if constexpr (is_weighted) {
            const V weights = weights_along<V>(l, axis);
            const V of_row = reduce_value<sum_op>(where(eq(place, label), weights, 0), 1 << axis, 0);
            rows = detail::sum_of_all(count * of_row);
            l = l * weights;
        }
        const V at_target = where(eq(place, label), l, 0);
        const double share = 1.0 / static_cast<double>(classes);
        const V smoothed = where(smoothing > 0, l * (smoothing * share), 0);  // no 0 * -inf
        const V likelihoods = at_target * (1 - smoothing) + smoothed;
        const V losses = where(counted, -likelihoods, 0);
        if constexpr (std::same_as<Reduction, reduction::mean>) return detail::sum_of_rows(losses, axis) / rows;
        else if constexpr (std::same_as<Reduction, reduction::sum>) return detail::sum_of_rows(losses * count, axis);
        else return detail::sum_of_axis(losses * count, axis);
    }

    template <class V> constexpr V losses_of_probabilities(V l, V y, int axis) const {
        const shape s = l.extents();
        const index count = s.size() / s[axis];
        const auto classes = static_cast<double>(s[axis]), rows = static_cast<double>(count);
        const V smoothing = smoothing_in<V>(*l.g);
        if constexpr (is_weighted) l = l * weights_along<V>(l, axis);
        const V target = ashlar::detail::to_type<V>(y, promote(l.type(), y.type()));
        const V losses = l * (target * (1 - smoothing) + smoothing * (1 / classes));
        if constexpr (std::same_as<Reduction, reduction::mean>) return detail::sum_of_rows(losses, axis) * (-1 / rows);
        else if constexpr (std::same_as<Reduction, reduction::sum>) return -detail::sum_of_rows(losses, axis);
        else return -detail::sum_of_axis(losses, axis);
    }

    // The weights in a line along the classes of l, in its type.
    template <class V> constexpr V weights_along(const V& l, int axis) const {
        const V weights{l.g, ashlar::detail::id_of(*l.g, weight, dtype::float32)};
        return ashlar::detail::to_type<V>(reshape_value(weights, detail::line_along(l.extents(), axis)), l.type());
    }
    template <class V> constexpr V smoothing_in(graph& g) const {
        return {&g, ashlar::detail::id_of(g, label_smoothing, dtype::float32)};
    }
};

}  // namespace ashlar::nn
