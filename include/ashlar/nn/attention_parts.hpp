// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/nn/normalize.hpp"
#include "ashlar/ops/attention.hpp"
#include "ashlar/ops/place.hpp"

// The options of attention, and what it is made of.
namespace ashlar::nn {

/// Options of attention. The axes of an input are (N, L, E), not (L, N, E); the weights of a row are dropped out, with
/// the probability `dropout`, at first 0.1; the width of keys and values where it is not that of the queries.
struct batch_first {};
struct with_dropout {};
template <std::size_t Width> struct kdim {};
template <std::size_t Width> struct vdim {};

/// What is added to the keys: one that is learned, and one whose key and value are 0.
struct add_bias_kv {};
struct add_zero_attn {};
/// The weights as a second result, and whether as the mean of all heads.
struct need_weights {};
template <bool Averages> struct average_attn_weights {};

/// Which elements of each sequence are padding, which no query sees: (N, S), or (S) of one sequence, as a mask of
/// MultiheadAttention.
template <operand Mask> constexpr auto key_padding_mask(Mask&& mask) {
    constexpr shape s = std::remove_cvref_t<Mask>::extent;
    if constexpr (s.rank == 1) return reshape<1, static_cast<std::size_t>(s[0])>(std::forward<Mask>(mask));
    else
        return reshape<static_cast<std::size_t>(s[0]), 1, 1, static_cast<std::size_t>(s[s.rank - 1])>(
            std::forward<Mask>(mask));
}

namespace detail {

// The number in an option that is this tag, 0 in others.
template <template <std::size_t> class Tag, class Option> inline constexpr std::size_t width_in = 0;
template <template <std::size_t> class Tag, std::size_t Width> inline constexpr std::size_t width_in<Tag, Tag<Width>> =
    Width;
template <template <std::size_t> class Tag, std::size_t Otherwise, class... Options>
inline constexpr std::size_t width_among =
    (std::size_t{} + ... + width_in<Tag, Options>) == 0 ? Otherwise : (std::size_t{} + ... + width_in<Tag, Options>);

// 0.1, as PyTorch's transformer layers have it.
template <bool DropsOut> constexpr member_if<DropsOut, option> usual_dropout() {
    if constexpr (DropsOut) return 0.1;
    else return {};
}

// The first input that is of another type than the layer.
template <class T, class X, class... More> struct first_unread : first_unread<T, More...> {};
template <class T, class X, class... More>
    requires(!is_read_as<T, typename X::value_type>)
struct first_unread<T, X, More...> {
    using type = typename X::value_type;
};

/// What the layer computes, on values: L x N x E to and from N x heads x L x E / heads.
template <class V> struct heads_of {
    index heads;
    bool batch_first;

    // Elements `first` to `first + count` of the last or the only axis.
    static constexpr V part(const V& x, int axis, index first, index count) {
        attributes a{};
        for (int i = 0; i < x.extents().rank; ++i)
            set_axis(a, i, i == axis ? view_axis{i, first, 1, count} : view_axis{i, 0, 1, x.extents()[i]});
        return apply_values<view_op>(a, x);
    }
    constexpr V split(const V& x) const {
        shape s = x.extents();
        const index width = s[s.rank - 1];
        s.extent[s.rank - 1] = heads, s.extent[s.rank++] = width / heads;
        return ordered(reshape_value(x, s), true);
    }
    constexpr V join(const V& x) const {
        const V y = ordered(x, false);
        shape s = y.extents();
        s.extent[s.rank - 2] *= s[s.rank - 1], --s.rank;
        return reshape_value(y, s);
    }

private:
    constexpr V ordered(const V& x, bool to_heads) const {
        constexpr int alone[] = {1, 0, 2}, first[] = {0, 2, 1, 3}, split[] = {1, 2, 0, 3}, join[] = {2, 0, 1, 3};
        const int rank = x.extents().rank;
        const int* const from = rank == 3 ? alone : batch_first ? first : to_heads ? split : join;
        attributes a{};
        for (int i = 0; i < rank; ++i) set_axis(a, i, {from[i], 0, 1, x.extents()[from[i]]});
        return apply_values<view_op>(a, x);
    }
};

// ---- keys that are added, and weights that are given ----------------------------------------------------------------

/// y in its place along an axis of x, from one element on. y broadcasts.
template <class V> constexpr V placed_along(const V& x, const V& y, int axis, index first) {
    const shape all = x.extents();
    shape part = all;
    part.extent[axis] = y.extents().rank == all.rank ? y.extents()[axis] : 1;
    attributes window{};
    for (int i = 0; i < all.rank; ++i) {
        index* const at = window.value + 4 * i;
        at[0] = all[i], at[1] = i == axis ? first : 0, at[2] = 1, at[3] = part[i];
    }
    window.count = 4 * all.rank;
    return place_value<V>(x, V{expand_value(y, part)}, window);
}
/// x with so many zeros (false) behind it along an axis.
template <class V> constexpr V with_zeros(const V& x, int axis, index count) {
    shape longer = x.extents();
    longer.extent[axis] += count;
    return placed_along(V{expand_value(V{x.g, x.g->constant(0, x.type())}, longer)}, x, axis, 0);
}

/// The mask of all keys, where some are added: given is what the user has for the others, or none. Causal: element i of
/// the queries looks at elements 0 to i of the others.
template <class V> constexpr V mask_of_attention(graph& g, const shape& scores, auto given, bool causal, index added) {
    const index queries = scores[scores.rank - 2], keys = scores[scores.rank - 1];
    V mask{&g, g.constant(0, dtype::boolean)};
    if constexpr (ashlar::detail::is_value_v<decltype(given)>) mask = given;
    if (causal) {
        const V row = reshape_value({&g, g.range(queries, dtype::int32)}, shape{2, {queries, 1}}),
                blocked = V{&g, g.range(keys, dtype::int32)} > row;
        const V lowest{&g, g.constant(-__builtin_huge_val(), dtype::float32)};
        if (are_same(mask.type(), dtype::boolean)) mask = where(mask, V{&g, g.constant(1, dtype::boolean)}, blocked);
        else mask = where(blocked, lowest, mask);
    }
    shape s = mask.extents();
    if (s.rank == 0) s = shape{1, {1}};
    s.extent[s.rank - 1] = keys;
    return added == 0 ? mask : with_zeros(V{expand_value(mask, s)}, s.rank - 1, added);
}

/// The shape of the weights, of (N, Heads, L, S) or (Heads, L, S).
constexpr shape shape_of_weights(shape scores, std::size_t added, bool averages) {
    scores.extent[scores.rank - 1] += static_cast<index>(added);
    if (!averages) return scores;
    const int heads = scores.rank - 3;
    for (int i = heads; i + 1 < scores.rank; ++i) scores.extent[i] = scores.extent[i + 1];
    --scores.rank;
    return scores;
}
/// The weights in that shape. The product may have had heads first, where they are more than the examples.
template <class V> constexpr V weights_of_heads(V weights, const shape& scores, const shape& to) {
    const shape s = weights.extents();
    int heads = scores.rank - 3;
    if (s.rank == 4 && scores[0] < scores[1]) {
        if (s.rank == to.rank) {
            attributes a{};
            for (int i = 0; i < 4; ++i) set_axis(a, i, {i < 2 ? 1 - i : i, 0, 1, s[i < 2 ? 1 - i : i]});
            return apply_values<view_op>(a, weights);
        }
        heads = 0;
    }
    if (s.rank == to.rank) return weights;
    return reduce_value<sum_op>(weights, 1 << heads, 1 << heads) * (1 / static_cast<double>(s[heads]));
}

}  // namespace detail

}  // namespace ashlar::nn
