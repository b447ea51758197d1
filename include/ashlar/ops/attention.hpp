// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/compare.hpp"
#include "ashlar/ops/matmul.hpp"
#include "ashlar/ops/softmax.hpp"
#include "ashlar/ops/sqrt.hpp"
#include "ashlar/ops/where.hpp"

namespace ashlar {

template <class Query, class Key, class Value> struct attention_needs_queries_keys_and_values_that_fit : refusal {};
template <class Mask, class Scores> struct attention_needs_a_mask_that_broadcasts_to_its_scores : refusal {};
template <class Got> struct a_mask_of_attention_is_of_bool_or_of_floating_numbers : refusal {};

/// An option of attention: element i of the queries looks at elements 0 to i of the keys.
struct causal {};

namespace detail {

struct no_mask {};
struct keep_all {
    constexpr auto operator()(auto x) const { return x; }
};

/// Attention on values (V), whose ops are compiled once for all shapes. The axes before the last two are a batch.
template <class V> struct attention_on {
    bool causal = false;
    bool blocks = false;  // a mask of bool is true where nothing is seen

    /// Drop: what is done to the weights, which add up to 1, before they meet v. A mask is added to the scores.
    template <class Mask, class Drop> constexpr V operator()(V q, V k, V v, double scale, Mask mask, Drop drop) const {
        // Products take turns along the first axis: it is the longest of the batch.
        const bool four = q.extents().rank == 4 && k.extents().rank <= 4 && v.extents().rank <= 4;
        const bool turned = four && q.extents()[0] < q.extents()[1];
        if (turned) {
            q = exchanged(q), k = exchanged(k), v = exchanged(v);
            if constexpr (is_value_v<Mask>)
                if (mask.extents().rank > 2) mask = exchanged(mask);
        }
        const V y = causal ? in_blocks(q, k, v, scale, mask, drop) : rows(q, k, v, scale, mask, 0, drop);
        return turned ? exchanged(y) : y;
    }

private:
    // The first two of four axes the other way round; what has fewer axes is for all along those that it lacks.
    static constexpr V exchanged(const V& from) {
        shape s{};
        const int rank = from.extents().rank;
        s.rank = 4;
        for (int i = 0; i < rank; ++i) s.extent[4 - rank + i] = from.extents()[i];
        const V x = reshape_value(from, s);
        attributes a{};
        for (int i = 0; i < s.rank; ++i) set_axis(a, i, {i < 2 ? 1 - i : i, 0, 1, s[i < 2 ? 1 - i : i]});
        return apply_values<view_op>(a, x);
    }
    // Elements `first` to `end` of an axis counted from the last one; all where there is one for all.
    static constexpr V cut(const V& x, int from_last, index first, index end) {
        const shape s = x.extents();
        attributes a{};
        for (int i = 0; i < s.rank; ++i)
            set_axis(a, i,
                     i == s.rank - from_last && s[i] > 1 ? view_axis{i, first, 1, end - first}
                                                         : view_axis{i, 0, 1, s[i]});
        return apply_values<view_op>(a, x);
    }
    static constexpr V positions(const V& x, int from_last, index n, index first) {
        shape line{};
        for (int i = from_last; i > 0; --i) line.extent[line.rank++] = i == from_last ? n : 1;
        return reshape_value({x.g, x.g->range(n, dtype::int32)}, line) + static_cast<int>(first);
    }

    // The queries from `first` on, one of which sees all the keys that are given.
    template <class Mask, class Drop> constexpr V rows(const V& q, const V& k, const V& v, double scale, Mask mask,
                                                       index first, Drop drop) const {
        V scores = contract(q, false, k, true) * scale;
        const shape s = scores.extents();
        if constexpr (is_value_v<Mask>) {
            if (!are_same(mask.type(), dtype::boolean)) scores = scores + mask;
            else if (blocks) scores = where(mask, V{lowest(scores)}, scores);
            else scores = where(mask, scores, V{lowest(scores)});
        }
        if (causal) {
            const V sees = positions(q, 1, s[s.rank - 1], 0) <= positions(q, 2, s[s.rank - 2], first);
            scores = where(sees, scores, V{lowest(scores)});
        }
        const int last = 1 << (s.rank - 1);
        const V e = exp(scores - stop_gradient(reduce_value<max_op>(scores, last, 0)));
        const V weights = drop(V{e / reduce_value<sum_op>(e, last, 0)});
        return contract(weights, false, v, false);
    }
    static constexpr V lowest(const V& scores) {
        return {scores.g, scores.g->constant(-__builtin_huge_val(), scores.type())};
    }

    // Some rows at a time, with the keys that the last of them sees: what is blocked for all of them is not computed.
    static constexpr index most_blocks = 4, least_rows = 32;
    template <class Mask, class Drop> constexpr V in_blocks(const V& q, const V& k, const V& v, double scale, Mask mask,
                                                            Drop drop) const {
        const shape s = q.extents();
        const index rows_of_all = s[s.rank - 2], sources = k.extents()[k.extents().rank - 2];
        const index wanted = rows_of_all / least_rows, count = wanted < 1             ? 1
                                                               : wanted > most_blocks ? most_blocks
                                                                                      : wanted;
        V y{};
        for (index b = 0, first = 0; b < count; ++b) {
            const index end = rows_of_all * (b + 1) / count, seen = end < sources ? end : sources;
            Mask part = mask;
            if constexpr (is_value_v<Mask>) {
                if (mask.extents().rank > 1) part = cut(part, 2, first, end);
                part = cut(part, 1, 0, seen);
            }
            const V x = rows(cut(q, 2, first, end), cut(k, 2, 0, seen), cut(v, 2, 0, seen), scale, part, first, drop);
            y = count == 1 ? x : place_rows(y, x, rows_of_all, first);
            first = end;
        }
        return y;
    }
    static constexpr V place_rows(const V& base, const V& x, index rows, index first) {
        const shape s = x.extents();
        attributes w{};
        for (int i = 0; i < s.rank; ++i) {
            w.value[4 * i] = i == s.rank - 2 ? rows : s[i], w.value[4 * i + 1] = i == s.rank - 2 ? first : 0;
            w.value[4 * i + 2] = 1, w.value[4 * i + 3] = s[i];
        }
        w.count = 4 * s.rank;
        const V from = first == 0 ? V{x.g, x.g->constant(0, x.type())} : base;
        return place_value<V>(from, x, w);
    }
};

constexpr double scale_of_attention(index width) { return 1 / kernels::sqrt(static_cast<double>(width)); }

// ---- what fits ------------------------------------------------------------------------------------------------------

template <class Q, class K, class V> consteval bool attention_fits() {
    constexpr shape q = Q::value, k = K::value, v = V::value;
    if (q.rank < 2 || k.rank < 2 || v.rank < 2) return false;
    const auto keys = broadcast(batch_of(q), batch_of(k));
    return q[q.rank - 1] == k[k.rank - 1] && k[k.rank - 2] == v[v.rank - 2] && keys.ok &&
           broadcast(keys.value, batch_of(v)).ok;
}
template <class Q, class K> using scores_of = decltype(matmul(std::declval<Q>(), transpose<-2, -1>(std::declval<K>())));
template <class Q, class K, class V> using attended =
    decltype(matmul(std::declval<scores_of<Q, K>>(), std::declval<V>()));

template <class Q, class K> struct scores_of_shapes;
template <std::size_t... Q, std::size_t... K> struct scores_of_shapes<Shape<Q...>, Shape<K...>> {
    using type = shape_t<scores_of<handle<float, Q...>, handle<float, K...>>>;
};
template <class Scores, class Mask> inline constexpr bool mask_fits = [] {
    const auto both = broadcast(Scores::value, Mask::value);
    return both.ok && both.value == Scores::value;
}();

template <class Mask>
inline constexpr bool is_mask = std::is_same_v<typename std::remove_cvref_t<Mask>::value_type, bool> ||
                                is_floating(dtype_of<typename std::remove_cvref_t<Mask>::value_type>);

// What is wrong with the operands, or void.
template <class Q, class K, class V, class... Mask> constexpr auto fault_of_attention() {
    if constexpr (!attention_fits<shape_t<Q>, shape_t<K>, shape_t<V>>()) {
        return attention_needs_queries_keys_and_values_that_fit<shape_t<Q>, shape_t<K>, shape_t<V>>{};
    } else if constexpr (!(is_mask<Mask> && ...)) {
        return a_mask_of_attention_is_of_bool_or_of_floating_numbers<
            typename std::remove_cvref_t<Mask>::value_type...>{};
    } else {
        using scores = typename scores_of_shapes<shape_t<Q>, shape_t<K>>::type;
        if constexpr (!(mask_fits<scores, shape_t<Mask>> && ...))
            return attention_needs_a_mask_that_broadcasts_to_its_scores<shape_t<Mask>..., scores>{};
    }
}

template <auto Causal> struct attention_body {
    template <class Q, class K, class V, class... Mask>
    constexpr auto operator()(const Q& q, const K& k, const V& v, const Mask&... mask) const {
        return attend<attended<Q, K, V>>(q, k, v, mask...);
    }

private:
    template <class Result, class Q> static constexpr Result attend(const Q& q, auto k, auto v, auto... mask) {
        using value_type = value_for<Q>;
        const double scale = scale_of_attention(Q::extent[Q::extent.rank - 1]);
        const auto with = [&](auto m) {
            return Result{
                attention_on<value_type>{Causal}(value_type{q}, value_type{k}, value_type{v}, scale, m, keep_all{})};
        };
        if constexpr (sizeof...(mask) == 0) return with(no_mask{});
        else return with(value_type{mask...});
    }
};

}  // namespace detail

/// Scaled dot-product attention (Vaswani et al. 2017).
/// Value: softmax(q k^T / sqrt(E) + mask) v, the softmax along the keys. A mask of bool is true where an element takes
/// part, as in PyTorch's function of this name; one of floating numbers is added. `causal` as the first argument of the
/// template: query i sees keys 0 to i, whatever comes after a block of queries is not computed.
/// Derivative: what follows from its parts. The scores of one element of the first axes are there at a time.
/// Shapes: q (..., L, E), k (..., S, E), v (..., S, V), the mask broadcasts to (..., L, S); (..., L, V).
/// Edges: nan for a query that sees nothing.
template <class... Options, operand Q, operand K, operand V, operand... Mask>
    requires(std::same_as<Options, causal> && ...) && (sizeof...(Mask) < 2)
constexpr auto scaled_dot_product_attention(Q&& q, K&& k, V&& v, Mask&&... mask) {
    if constexpr (is_poison<Q> || is_poison<K> || is_poison<V> || (is_poison<Mask> || ...)) {
        return absorbed<Q, K, V, Mask...>{};
    } else {
        using fault = decltype(detail::fault_of_attention<Q, K, V, Mask...>());
        if constexpr (std::is_void_v<fault>) {
            return compose<detail::attention_body<(sizeof...(Options) > 0)>>(
                std::forward<Q>(q), std::forward<K>(k), std::forward<V>(v), std::forward<Mask>(mask)...);
        } else if constexpr (detail::in_a_body<Q, K, V, Mask...>) {
            return deferred<fault>{};
        } else {
            poison& told = refused<fault>;
            return told;
        }
    }
}

}  // namespace ashlar
