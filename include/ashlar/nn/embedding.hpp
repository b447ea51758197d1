// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/nn/features.hpp"
#include "ashlar/nn/init.hpp"
#include "ashlar/nn/layer.hpp"
#include "ashlar/nn/normal.hpp"
#include "ashlar/nn/real.hpp"
#include "ashlar/ops/any.hpp"
#include "ashlar/ops/compare.hpp"
#include "ashlar/ops/cumsum.hpp"
#include "ashlar/ops/div.hpp"
#include "ashlar/ops/max.hpp"
#include "ashlar/ops/minimum.hpp"
#include "ashlar/ops/sum.hpp"
#include "ashlar/ops/take.hpp"
#include "ashlar/ops/where.hpp"

namespace ashlar {
template <class Layer, class Got> struct an_embedding_is_looked_up_by_int_or_int64 : refusal {};
template <class Layer, class Input> struct an_embedding_bag_takes_a_row_of_indices_for_each_bag : refusal {};
template <class Layer, class Input, class Weights> struct a_sum_of_samples_has_a_weight_for_each_index : refusal {};
}  // namespace ashlar

namespace ashlar::nn {

/// Row K (negative: from the end) stands for nothing: it begins as 0, no gradient changes it, and bags leave it out.
template <index K> struct padding_idx {};

/// What an EmbeddingBag makes of the rows of a bag.
namespace mode {
struct sum {};
struct mean {};
struct max {};
}  // namespace mode

namespace detail {

template <class Option> inline constexpr index padding_of = no_index;
template <index K> inline constexpr index padding_of<padding_idx<K>> = K;
template <class Option> inline constexpr bool is_padding = false;
template <index K> inline constexpr bool is_padding<padding_idx<K>> = true;
template <class Option> inline constexpr bool is_real = false;
template <class T> inline constexpr bool is_real<real<T>> = true;

/// The row that stands for nothing, or no_index.
template <std::size_t Num, class... Options> inline constexpr index padding_row = [] {
    index row = no_index;
    ((row = !is_padding<Options>      ? row
            : padding_of<Options> < 0 ? padding_of<Options> + static_cast<index>(Num)
                                      : padding_of<Options>),
     ...);
    return row;
}();

template <index Padding, class T, std::size_t Num, std::size_t Dim>
constexpr void draw_embedding(Tensor<T, Num, Dim>& weight, generator& random) {
    fill_normal(weight, random);
    for (std::size_t i = 0; Padding >= 0 && i < Dim; ++i)
        weight.data()[static_cast<std::size_t>(Padding) * Dim + i] = 0;
}

// The rows of a table, of which one takes no gradient.
template <index Padding, class Weight, class X> constexpr auto look_up(const Weight& weight, const X& x) {
    return apply<take_op, static_attributes<0, 1, Padding + 1>>(weight, x);
}

// What is wrong with the indices of an embedding, or void.
template <class Layer, class X> consteval auto embedding_misfit() {
    using input = std::remove_cvref_t<X>;
    if constexpr (!ashlar::detail::is_index_type<typename input::value_type>)
        return std::type_identity<an_embedding_is_looked_up_by_int_or_int64<Layer, typename input::value_type>>{};
    else if constexpr (input::extent.rank == max_rank)
        return std::type_identity<unsqueeze_makes_more_than_six_axes<shape_t<X>>>{};
}
template <class Layer, class X> using embedding_misfit_t =
    typename ashlar::detail::type_of<decltype(embedding_misfit<Layer, X>())>::type;

}  // namespace detail

/// A table of Num rows of Dim numbers, which are learned: each index is replaced by its row. Shapes: any of int or
/// int64, to the same with an axis of Dim at the end; weight [Num, Dim]. Initialised with N(0, 1), and 0 where
/// `nn::padding_idx<K>` says. Edges: the row of an index outside is nan (PyTorch raises) and takes no gradient. A step
/// of SGD without a state (no momentum, no weight decay) moves only the rows that were read, where these are fewer than
/// Num and nothing else reads the table: its plan says `put`. There is no max_norm: normalise where rows are read.
template <std::size_t Num, std::size_t Dim, class... Options> struct Embedding {
    using real_type = detail::real_of<Options...>;
    static constexpr std::size_t num_embeddings = Num, embedding_dim = Dim;
    static constexpr bool takes_indices = true;
    static constexpr index padding = detail::padding_row<Num, Options...>;
    static_assert(((detail::is_padding<Options> || detail::is_real<Options>) && ...),
                  "the options of an Embedding are nn::padding_idx<K> and nn::real<double>");
    static_assert(padding >= no_index && padding < static_cast<index>(Num), "padding_idx is no row of the table");
    template <class X, std::size_t...> using misfit = detail::embedding_misfit_t<Embedding, X>;

    Tensor<real_type, Num, Dim> weight;

    Embedding() = default;
    constexpr explicit Embedding(seed s) { ashlar::detail::construct(*this, s); }

    constexpr auto forward(expression auto x) const {
        if constexpr (is_poison<decltype(x)>) return x;
        else return detail::look_up<padding>(weight, x);
    }
    template <class... X> constexpr called<const Embedding&, X...> operator()(X&&... x) const& noexcept {
        return ashlar::detail::call_or_fault(*this, std::forward<X>(x)...);
    }
    template <class... X> constexpr called<Embedding, X...> operator()(X&&... x) && noexcept {
        return ashlar::detail::call_or_fault(std::move(*this), std::forward<X>(x)...);
    }

    constexpr void reset_parameters(generator& random) { detail::draw_embedding<padding>(weight, random); }
    static constexpr void members(auto& self, auto&& visit) { visit("weight", self.weight); }
};

/// The rows that a bag of indices names, as one: their sum, mean (which is the default) or, element by element, the
/// largest of each. Shapes: (bags, indices in a bag) of int or int64 to (bags, Dim); weight [Num, Dim]. Of a sum,
/// `bag(x, weights)` multiplies each row by a weight of its own (PyTorch's per_sample_weights). Rows that
/// `nn::padding_idx<K>` names count for nothing; of none at all the result is 0. All else as Embedding. Bags of several
/// lengths lie one behind the other: `bag(x, offsets)`, or with weights `bag(x, offsets, weights)`, has x of one axis
/// and bag b from x[offsets[b]] to before x[offsets[b + 1]], the last one to the end; offsets, of int or int64, do not
/// fall.
template <std::size_t Num, std::size_t Dim, class... Options> struct EmbeddingBag {
    using real_type = detail::real_of<Options...>;
    static constexpr std::size_t num_embeddings = Num, embedding_dim = Dim;
    static constexpr bool takes_indices = true;
    static constexpr index padding = detail::padding_row<Num, Options...>;
    static constexpr bool is_sum = (std::same_as<Options, mode::sum> || ...),
                          is_max = (std::same_as<Options, mode::max> || ...);
    static_assert(
        ((detail::is_padding<Options> || detail::is_real<Options> || std::same_as<Options, mode::sum> ||
          std::same_as<Options, mode::mean> || std::same_as<Options, mode::max>) &&
         ...),
        "the options of an EmbeddingBag are nn::mode::sum, mean or max, nn::padding_idx<K> and nn::real<double>");
    static_assert(padding >= no_index && padding < static_cast<index>(Num), "padding_idx is no row of the table");
    template <class X, std::size_t...> using misfit = detail::embedding_misfit_t<EmbeddingBag, X>;

    Tensor<real_type, Num, Dim> weight;

    EmbeddingBag() = default;
    constexpr explicit EmbeddingBag(seed s) { ashlar::detail::construct(*this, s); }

    constexpr auto forward(expression auto x) const {
        using X = decltype(x);
        if constexpr (is_poison<X>) return x;
        else if constexpr (X::extent.rank != 2)
            return deferred<an_embedding_bag_takes_a_row_of_indices_for_each_bag<EmbeddingBag, shape_t<X>>>{};
        else if constexpr (is_max) return largest(x, detail::look_up<padding>(weight, x));
        else if constexpr (is_sum) return sum<1>(counted(x, detail::look_up<padding>(weight, x)));
        else return mean_of(x, sum<1>(counted(x, detail::look_up<padding>(weight, x))));
    }
    constexpr auto forward(expression auto x, expression auto samples) const {
        using X = decltype(x);
        using S = decltype(samples);
        if constexpr (is_poison<X>) return x;
        else if constexpr (are_ragged<X, S>) return of_ragged(x, samples, look_up_counted(x));
        else if constexpr (!is_read_as<real_type, typename S::value_type>)
            return deferred<input_type_differs<EmbeddingBag, real_type, typename S::value_type>>{};
        else if constexpr (!is_sum || !std::same_as<shape_t<X>, shape_t<S>>)
            return deferred<a_sum_of_samples_has_a_weight_for_each_index<EmbeddingBag, shape_t<X>, shape_t<S>>>{};
        else return sum<1>(counted(x, detail::look_up<padding>(weight, x)) * unsqueeze<2>(samples));
    }
    constexpr auto forward(expression auto x, expression auto offsets, expression auto samples) const {
        using X = decltype(x);
        using S = decltype(samples);
        if constexpr (is_poison<X>) return x;
        else if constexpr (!is_read_as<real_type, typename S::value_type>)
            return deferred<input_type_differs<EmbeddingBag, real_type, typename S::value_type>>{};
        else if constexpr (!is_sum || !are_ragged<X, decltype(offsets)> || !std::same_as<shape_t<X>, shape_t<S>>)
            return deferred<a_sum_of_samples_has_a_weight_for_each_index<EmbeddingBag, shape_t<X>, shape_t<S>>>{};
        else return of_ragged(x, offsets, look_up_counted(x) * unsqueeze<1>(samples));
    }
    template <class... X> constexpr called<const EmbeddingBag&, X...> operator()(X&&... x) const& noexcept {
        return ashlar::detail::call_or_fault(*this, std::forward<X>(x)...);
    }
    template <class... X> constexpr called<EmbeddingBag, X...> operator()(X&&... x) && noexcept {
        return ashlar::detail::call_or_fault(std::move(*this), std::forward<X>(x)...);
    }

    constexpr void reset_parameters(generator& random) { detail::draw_embedding<padding>(weight, random); }
    static constexpr void members(auto& self, auto&& visit) { visit("weight", self.weight); }

private:
    static constexpr auto counts(const auto& x) { return ne(x, padding); }

    static constexpr auto counted(const auto& x, const auto& rows) {
        if constexpr (padding < 0) return rows;
        else return where(unsqueeze<2>(counts(x)), rows, 0);
    }
    static constexpr auto mean_of(const auto& x, const auto& total) {
        if constexpr (padding < 0) {
            return total * ratio<1, std::remove_cvref_t<decltype(x)>::extent[1]>{};
        } else {
            const auto number = sum<1, keepdim>(to<real_type>(counts(x)));
            return total / where(number > 0, number, 1);
        }
    }
    static constexpr auto largest(const auto& x, const auto& rows) {
        if constexpr (padding < 0) return max<1>(rows);
        else return largest_of(counts(x), rows);
    }
    static constexpr auto largest_of(const auto& mask, const auto& rows) {
        return where(any<1, keepdim>(mask), max<1>(where(unsqueeze<2>(mask), rows, -__builtin_inf())), 0);
    }

    template <class X, class Offsets> static constexpr bool are_ragged =
        X::extent.rank == 1 && Offsets::extent.rank == 1 && ashlar::detail::is_index_type<typename Offsets::value_type>;
    constexpr auto look_up_counted(const auto& x) const {
        const auto rows = detail::look_up<padding>(weight, x);
        if constexpr (padding < 0) return rows;
        else return where(unsqueeze<1>(counts(x)), rows, 0);
    }
    // What counts for nothing is in no bag.
    static constexpr auto counted_in(const auto& x, const auto& bag) {
        if constexpr (padding < 0) return bag;
        else return where(counts(x), bag, -1);
    }
    // Each index belongs to the last bag that has begun.
    template <class X, class Offsets>
    static constexpr auto of_ragged(const X& x, const Offsets& offsets, const auto& rows) {
        constexpr auto bags = static_cast<std::size_t>(Offsets::extent[0]);
        const auto none = to<real_type>(offsets) * 0;
        const auto begun = index_add<0>(to<real_type>(x) * 0, offsets, none + 1);
        const auto bag = to<int>(cumsum<0>(begun) - 1);
        if constexpr (is_max) {
            const handle<int, bags> all{{x.g, x.g->range(static_cast<index>(bags), dtype::int32)}};
            const auto mask = eq(unsqueeze<0>(counted_in(x, bag)), unsqueeze<1>(all));
            return largest_of(mask, unsqueeze<0>(rows));
        } else {
            const auto total = index_add<0>(expand<bags, Dim>(unsqueeze<1>(none)), bag, rows);
            if constexpr (is_sum) return total;
            else return total / unsqueeze<1>(maximum(index_add<0>(none, bag, to<real_type>(counts(x))), 1));
        }
    }
};

}  // namespace ashlar::nn
