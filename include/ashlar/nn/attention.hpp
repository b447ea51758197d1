// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/nn/attention_parts.hpp"
#include "ashlar/nn/dropout.hpp"
#include "ashlar/nn/linear.hpp"
#include "ashlar/nn/normal.hpp"
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

/// Attention of `Heads` heads (Vaswani et al. 2017), PyTorch's layer of this name but for what it returns: the output
/// alone, unless an option says otherwise. Called with a query, a key and a value, or with one input for all three, and
/// with a mask.
/// Shapes: query (L, N, Embed), or (N, L, Embed) with nn::batch_first, or (L, Embed); key and value as long as each
/// other; the output is that of the query. A mask has (L, S), or what broadcasts to (N, Heads, L, S), or (N * Heads, L,
/// S); of bool it is true where an element is blocked, of floating numbers it is added to the scores.
/// nn::key_padding_mask makes one of (N, S). Options: nn::no_bias, nn::batch_first, nn::with_dropout, nn::kdim<K>,
/// nn::vdim<V>, nn::real<double>, ashlar::causal (query i sees keys 0 to i; what comes after a block of queries is not
/// computed), nn::add_bias_kv, nn::add_zero_attn (one more key each, which every query sees), and nn::need_weights: the
/// result is `together(output, weights)`, the weights, after their dropout, of (N, L, S) or (L, S), the mean of all
/// heads, with nn::average_attn_weights<false> of (N, Heads, L, S) or (Heads, L, S); S counts what was added.
/// Initialised with xavier_uniform, the output as a Linear, biases 0, those of keys and values with N(0, 1 / Embed).
/// Edges: nan for a query that sees nothing.
template <std::size_t Embed, std::size_t Heads, class... Options> struct MultiheadAttention {
    using real_type = detail::real_of<Options...>;
    static constexpr bool has_bias = !(std::same_as<Options, no_bias> || ...);
    static constexpr bool is_batch_first = (std::same_as<Options, batch_first> || ...);
    static constexpr bool is_causal = (std::same_as<Options, causal> || ...);
    static constexpr bool drops_out = (std::same_as<Options, with_dropout> || ...);
    static constexpr bool has_bias_kv = (std::same_as<Options, add_bias_kv> || ...);
    static constexpr bool gives_weights = (std::same_as<Options, need_weights> || ...);
    static constexpr bool averages_weights = !(std::same_as<Options, average_attn_weights<false>> || ...);
    static constexpr std::size_t added_keys =
        (std::size_t{has_bias_kv} + ... + std::size_t{std::same_as<Options, add_zero_attn>});
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
    [[no_unique_address]] detail::member_if<has_bias_kv, Tensor<real_type, 1, 1, Embed>> bias_k, bias_v;
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
        else return results_of(q, attend(q, k, v, mask...), scores<Q, K>{});
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
        if constexpr (has_bias_kv) fill_xavier_normal(bias_k, random), fill_xavier_normal(bias_v, random);
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
        if constexpr (has_bias_kv) visit("bias_k", self.bias_k), visit("bias_v", self.bias_v);
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

    // What the heads give, and the weights where these are a result.
    template <class V> struct attended {
        V output, weights;
    };
    template <class Q, class... Mask>
    constexpr attended<value_for<Q>> attend(const Q& q, auto k, auto v, Mask... mask) const {
        using value_type = value_for<Q>;
        constexpr shape all_scores = scores<Q, decltype(k)>::value;
        const detail::heads_of<value_type> heads{static_cast<index>(Heads), is_batch_first};
        const projections<value_type> p = projected<value_type>(q, k, v);
        const value_type keys = heads.split(with_added(q, p.key, bias_k)),
                         values = heads.split(with_added(q, p.value, bias_v));
        attended<value_type> all{};
        const auto drop = [&](value_type weights) {
            const value_type kept = dropped_out(q, weights);
            if constexpr (gives_weights) all.weights = kept;
            return kept;
        };
        // Blocks of queries would leave out what was added, and have weights each.
        constexpr bool is_masked = is_causal && (added_keys > 0 || gives_weights);
        const auto with = [&](auto m) {
            const ashlar::detail::attention_on<value_type> attention{is_causal && !is_masked, true};
            all.output = heads.join(attention(heads.split(p.query), keys, values,
                                              ashlar::detail::scale_of_attention(Embed / Heads), m, drop));
            return all;
        };
        const auto given = [&] {
            if constexpr (sizeof...(Mask) == 0) return ashlar::detail::no_mask{};
            else return value_type{reshape_value(value_type{mask...}, spread(all_scores, Mask::extent...))};
        };
        if constexpr ((added_keys == 0 || sizeof...(Mask) == 0) && !is_masked) return with(given());
        else return with(detail::mask_of_attention<value_type>(*q.g, all_scores, given(), is_masked, added_keys));
    }
    template <class Q> constexpr auto results_of(const Q&, const attended<value_for<Q>>& all, auto to_scores) const {
        const auto y = out_proj(Q{all.output});
        if constexpr (!gives_weights) {
            return y;
        } else {
            constexpr shape s = detail::shape_of_weights(decltype(to_scores)::value, added_keys, averages_weights);
            using second = ashlar::detail::floating<
                typename handle_with<typename Q::value_type, dims_of<ashlar::detail::shape_constant<s>>>::type>;
            return together(y, second{detail::weights_of_heads(all.weights, decltype(to_scores)::value, s)});
        }
    }
    // One more key or value, and zeros.
    template <class V> constexpr V with_added(const auto& q, const V& x, const auto& bias) const {
        if constexpr (added_keys == 0) {
            return x;
        } else {
            const int axis = length_axis(x.extents().rank);
            const V longer = detail::with_zeros(x, axis, added_keys);
            if constexpr (!has_bias_kv) return longer;
            else
                return detail::placed_along(longer, detail::member_as(q, bias, shape{1, {Embed}}), axis,
                                            x.extents()[axis]);
        }
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
    template <class Weight> static constexpr void fill_xavier_normal(Weight& weight, generator& random) {
        detail::fill_normal(weight, random);
        const double deviation = ashlar::detail::inverse_root(static_cast<double>(Embed));
        for (auto& w : weight) w = static_cast<real_type>(static_cast<double>(w) * deviation);
    }
    template <class Weight> static constexpr void fill_xavier(Weight& weight, generator& random) {
        const double r = ashlar::detail::inverse_root(static_cast<double>(Weight::extent[0] + Weight::extent[1]) / 6);
        fill_uniform(weight, random, static_cast<real_type>(r));
    }
};

}  // namespace ashlar::nn
