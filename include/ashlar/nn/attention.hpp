// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/nn/dropout.hpp"
#include "ashlar/nn/linear.hpp"
#include "ashlar/nn/normalize.hpp"
#include "ashlar/ops/attention.hpp"

namespace ashlar {
template <std::size_t Embed, std::size_t Heads> struct the_width_of_an_attention_is_no_multiple_of_its_heads : refusal {
};
template <class Layer, class Query, class Key, class Value> struct attention_needs_query_key_and_value_that_fit
    : refusal {};
template <class Layer, class Mask, class Scores> struct attention_needs_a_mask_that_broadcasts_to_batch_heads_and_scores
    : refusal {};
}  // namespace ashlar

namespace ashlar::nn {

/// Options of attention. The axes of an input are (N, L, E), not (L, N, E); the weights of a row are dropped out, with
/// the probability `dropout`, at first 0.1; the width of keys and values where it is not that of the queries.
struct batch_first {};
struct with_dropout {};
template <std::size_t Width> struct kdim {};
template <std::size_t Width> struct vdim {};

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

}  // namespace detail

/// Attention of `Heads` heads (Vaswani et al. 2017), PyTorch's layer of this name but for what it returns: the output,
/// not the weights. Called with a query, a key and a value, or with one input for all three, and with a mask.
/// Shapes: query (L, N, Embed), or (N, L, Embed) with nn::batch_first, or (L, Embed); key and value as long as each
/// other; the output is that of the query. A mask has (L, S), or what broadcasts to (N, Heads, L, S), or (N * Heads, L,
/// S); of bool it is true where an element is blocked, of floating numbers it is added to the scores.
/// nn::key_padding_mask makes one of (N, S). Options: nn::no_bias, nn::batch_first, nn::with_dropout, nn::kdim<K>,
/// nn::vdim<V>, nn::real<double>, ashlar::causal (query i sees keys 0 to i; what comes after a block of queries is not
/// computed).
/// Initialised with xavier_uniform, the output as a Linear, biases 0. Edges: nan for a query that sees nothing.
template <std::size_t Embed, std::size_t Heads, class... Options> struct MultiheadAttention {
    using real_type = detail::real_of<Options...>;
    static constexpr bool has_bias = !(std::same_as<Options, no_bias> || ...);
    static constexpr bool is_batch_first = (std::same_as<Options, batch_first> || ...);
    static constexpr bool is_causal = (std::same_as<Options, causal> || ...);
    static constexpr bool drops_out = (std::same_as<Options, with_dropout> || ...);
    static constexpr std::size_t embed_dim = Embed, num_heads = Heads;
    static constexpr std::size_t key_width = detail::width_among<kdim, Embed, Options...>;
    static constexpr std::size_t value_width = detail::width_among<vdim, Embed, Options...>;
    static constexpr bool is_packed = key_width == Embed && value_width == Embed;
    using output = detail::linear_of<real_type, Embed, Embed, has_bias>;

    [[no_unique_address]] detail::member_if<drops_out, option> dropout = detail::usual_dropout<drops_out>();
    [[no_unique_address]] detail::member_if<drops_out, random_stream> stream{};
    [[no_unique_address]] detail::member_if<is_packed, Tensor<real_type, 3 * Embed, Embed>> in_proj_weight;
    [[no_unique_address]] detail::member_if<!is_packed, Tensor<real_type, Embed, Embed>> q_proj_weight;
    [[no_unique_address]] detail::member_if<!is_packed, Tensor<real_type, Embed, key_width>> k_proj_weight;
    [[no_unique_address]] detail::member_if<!is_packed, Tensor<real_type, Embed, value_width>> v_proj_weight;
    [[no_unique_address]] detail::member_if<has_bias, Tensor<real_type, 3 * Embed>> in_proj_bias;
    output out_proj;

    MultiheadAttention() = default;
    constexpr explicit MultiheadAttention(seed s) { ashlar::detail::construct(*this, s); }

    template <class X> constexpr auto forward(X x) const { return forward(x, x, x); }
    template <class Q, class K, class V, class... Mask> constexpr auto forward(Q q, K k, V v, Mask... mask) const {
        if constexpr (Embed % Heads != 0)
            return deferred<the_width_of_an_attention_is_no_multiple_of_its_heads<Embed, Heads>>{};
        else if constexpr (!((is_read<K> && is_read<V>) && ... && is_read<Mask>))
            return deferred<input_type_differs<MultiheadAttention, real_type,
                                               typename detail::first_unread<real_type, K, V, Mask...>::type>>{};
        else if constexpr (!fits<Q, K, V>())
            return deferred<
                attention_needs_query_key_and_value_that_fit<MultiheadAttention, shape_t<Q>, shape_t<K>, shape_t<V>>>{};
        else if constexpr (!(ashlar::detail::is_mask<Mask> && ...))
            return deferred<a_mask_of_attention_is_of_bool_or_of_floating_numbers<typename Mask::value_type...>>{};
        else if constexpr (!(mask_fits(scores<Q, K>::value, Mask::extent) && ...))
            return deferred<attention_needs_a_mask_that_broadcasts_to_batch_heads_and_scores<
                MultiheadAttention, shape_t<Mask>..., scores<Q, K>>>{};
        else return out_proj(Q{attend(q, k, v, mask...)});
    }
    template <class... X> constexpr called<const MultiheadAttention&, X...> operator()(X&&... x) const& noexcept {
        return ashlar::detail::call_or_fault(*this, std::forward<X>(x)...);
    }
    template <class... X> constexpr called<MultiheadAttention, X...> operator()(X&&... x) && noexcept {
        return ashlar::detail::call_or_fault(std::move(*this), std::forward<X>(x)...);
    }

    constexpr void reset_parameters(generator& random) {
        if constexpr (is_packed) {
            fill_xavier(in_proj_weight, random);
        } else {
            fill_xavier(q_proj_weight, random), fill_xavier(k_proj_weight, random), fill_xavier(v_proj_weight, random);
        }
        if constexpr (has_bias) in_proj_bias = in_proj_bias.zeros();
        out_proj.reset_parameters(random);
        if constexpr (has_bias) out_proj.bias = out_proj.bias.zeros();
        if constexpr (drops_out) stream.begin(random);
    }
    static constexpr void members(auto& self, auto&& visit) {
        if constexpr (drops_out) visit("dropout", self.dropout), visit("stream", self.stream);
        if constexpr (is_packed) visit("in_proj_weight", self.in_proj_weight);
        else
            visit("q_proj_weight", self.q_proj_weight), visit("k_proj_weight", self.k_proj_weight),
                visit("v_proj_weight", self.v_proj_weight);
        if constexpr (has_bias) visit("in_proj_bias", self.in_proj_bias);
        visit("out_proj", self.out_proj);
    }

private:
    template <class X> static constexpr bool is_read = is_read_as<real_type, typename X::value_type>;
    static constexpr int length_axis(int rank) { return rank == 3 && is_batch_first ? 1 : 0; }
    template <class X> static constexpr std::size_t length = static_cast<std::size_t>(X::extent[length_axis(X::rank)]);
    template <class X>
    static constexpr std::size_t batch = static_cast<std::size_t>(X::extent[1 - length_axis(X::rank)]);

    template <class Q, class K, class V> static consteval bool fits() {
        if (Q::rank < 2 || Q::rank > 3 || K::rank != Q::rank || V::rank != Q::rank) return false;
        return (Q::rank == 2 || (batch<Q> == batch<K> && batch<Q> == batch<V>)) && length<K> == length<V> &&
               takes_features<Q, Embed> && takes_features<K, key_width> && takes_features<V, value_width>;
    }
    template <class Q, class K> using scores = std::conditional_t<Q::rank == 2, Shape<Heads, length<Q>, length<K>>,
                                                                  Shape<batch<Q>, Heads, length<Q>, length<K>>>;
    static constexpr bool mask_fits(const shape& scores, shape mask) {
        mask = spread(scores, mask);
        const auto both = broadcast(scores, mask);
        return both.ok && both.value == scores;
    }
    // A mask of (N * Heads, L, S), in which 1 may stand for L or S, as one of (N, Heads, L, S).
    static constexpr shape spread(const shape& scores, const shape& mask) {
        if (scores.rank != 4 || mask.rank != 3 || mask[0] != scores[0] * scores[1]) return mask;
        return {4, {scores[0], scores[1], mask[1], mask[2]}};
    }

    template <class Q, class... Mask> constexpr value_for<Q> attend(const Q& q, auto k, auto v, Mask... mask) const {
        using value_type = value_for<Q>;
        const detail::heads_of<value_type> heads{static_cast<index>(Heads), is_batch_first};
        const projections<value_type> p = projected<value_type>(q, k, v);
        const auto drop = [&](value_type weights) { return dropped_out(q, weights); };
        const auto with = [&](auto m) {
            const ashlar::detail::attention_on<value_type> attention{is_causal, true};
            return heads.join(attention(heads.split(p.query), heads.split(p.key), heads.split(p.value),
                                        ashlar::detail::scale_of_attention(Embed / Heads), m, drop));
        };
        if constexpr (sizeof...(Mask) == 0) return with(ashlar::detail::no_mask{});
        else
            return with(
                value_type{reshape_value(value_type{mask...}, spread(scores<Q, decltype(k)>::value, Mask::extent...))});
    }

    template <class V> struct projections {
        V query, key, value;
    };
    // What is projected twice or three times is one product.
    template <class V> constexpr projections<V> projected(const auto& q, const auto& k, const auto& v) const {
        constexpr auto e = static_cast<index>(Embed);
        const V query{q}, key{k}, value{v};
        const int last = q.rank - 1;
        if constexpr (is_packed) {
            const V weight = detail::member_as(q, in_proj_weight, in_proj_weight.extent);
            using heads = detail::heads_of<V>;
            const auto rows = [&](const V& of, index first, index count) {
                return with_bias<V>(q, contract(of, false, heads::part(weight, 0, first, count), true), first, count);
            };
            if (query.id == key.id && key.id == value.id) {
                const V all = rows(query, 0, 3 * e);
                return {heads::part(all, last, 0, e), heads::part(all, last, e, e), heads::part(all, last, 2 * e, e)};
            }
            if (key.id == value.id) {
                const V both = rows(key, e, 2 * e);
                return {rows(query, 0, e), heads::part(both, last, 0, e), heads::part(both, last, e, e)};
            }
            return {rows(query, 0, e), rows(key, e, e), rows(value, 2 * e, e)};
        } else {
            const auto by = [&](const V& of, const auto& weight, index first) {
                return with_bias<V>(q, contract(of, false, detail::member_as(q, weight, weight.extent), true), first,
                                    e);
            };
            return {by(query, q_proj_weight, 0), by(key, k_proj_weight, e), by(value, v_proj_weight, 2 * e)};
        }
    }
    template <class V> constexpr V with_bias(const auto& q, const V& x, index first, index count) const {
        if constexpr (!has_bias) return x;
        else
            return x +
                   detail::heads_of<V>::part(detail::member_as(q, in_proj_bias, in_proj_bias.extent), 0, first, count);
    }
    template <class Q, class V> constexpr V dropped_out(const Q& q, const V& weights) const {
        if constexpr (!drops_out) return weights;
        else if (!q.g->training) return weights;
        else return weights * detail::factors_of_dropout(q, dropout, stream, weights.extents());
    }
    template <class Weight> static constexpr void fill_xavier(Weight& weight, generator& random) {
        const double r = ashlar::detail::inverse_root(static_cast<double>(Weight::extent[0] + Weight::extent[1]) / 6);
        fill_uniform(weight, random, static_cast<real_type>(r));
    }
};

}  // namespace ashlar::nn
