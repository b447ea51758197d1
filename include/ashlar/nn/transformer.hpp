// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/nn/activation.hpp"
#include "ashlar/nn/attention.hpp"
#include "ashlar/nn/layer_norm.hpp"

namespace ashlar::nn {

/// Options of transformer layers: a part normalises what it takes, not what it has added; there is no dropout.
struct norm_first {};
struct no_dropout {};

namespace detail {

// The first option that is a layer.
template <class... Options> struct activation_among {
    using type = ReLU;
};
template <class First, class... More> struct activation_among<First, More...> {
    using type = typename std::conditional_t<module<First>, std::type_identity<First>, activation_among<More...>>::type;
};

/// An attention of a transformer layer, which shares some of the layer's options.
template <std::size_t Model, std::size_t Heads, bool Causal, class... Options> struct attention_with {
    template <class Option> static constexpr bool has = (std::same_as<Options, Option> || ...);
    template <class... Chosen> struct list {
        using type = MultiheadAttention<Model, Heads, Chosen...>;
        template <bool Add, class Option> using with =
            std::conditional_t<Add, list<Chosen..., Option>, list<Chosen...>>;
    };
    template <class List, bool Add, class Option> using add = typename List::template with<Add, Option>;
    using type = typename add<
        add<add<add<add<list<>, has<batch_first>, batch_first>, !has<no_dropout>, with_dropout>, has<no_bias>, no_bias>,
            has<real<double>>, real<double>>,
        Causal && has<causal>, causal>::type;
};

/// What the layers share: their options, the part that feeds forward, and what each part does to x.
template <std::size_t Model, std::size_t Heads, std::size_t FeedForward, class... Options> struct transformer_layer {
    template <class Option> static constexpr bool has = (std::same_as<Options, Option> || ...);
    static constexpr bool drops_out = !has<no_dropout>;
    template <bool Causal> using attention = typename attention_with<Model, Heads, Causal, Options...>::type;
    using real_type = real_of<Options...>;
    template <std::size_t In, std::size_t Out> using linear = linear_of<real_type, In, Out, !has<no_bias>>;
    using norm = layer_norm_of<real_type, Model>;
    using dropout_layer = std::conditional_t<drops_out, Dropout, Identity>;
    using activation = typename activation_among<Options...>::type;

    // PyTorch's default.
    static constexpr dropout_layer usual_dropout() {
        if constexpr (drops_out) return {.p = 0.1};
        else return {};
    }
    template <class X, class Norm, class Part>
    static constexpr auto with_skip(const X& x, const Norm& norm, Part part) {
        if constexpr (has<norm_first>) return x + part(norm(x));
        else return norm(x + part(x));
    }
    // The probability of everything that a layer drops out.
    static constexpr void set_dropout(auto& layer, [[maybe_unused]] double p) {
        if constexpr (drops_out) {
            layer.dropout.p = layer.dropout1.p = layer.dropout2.p = p;
            if constexpr (requires { layer.dropout3; }) layer.dropout3.p = p, layer.multihead_attn.dropout = p;
            layer.self_attn.dropout = p;
        }
    }
};

}  // namespace detail

/// Attention, then two linear layers with an activation between them; each part is added to its input and normalised
/// (Vaswani et al. 2017). Names and defaults are PyTorch's, dropout 0.1 among them, which `set_dropout(p)` changes in
/// all places. Called with x, and with a mask of MultiheadAttention. Shapes: x (L, N, Model), or (N, L, Model) with
/// nn::batch_first, or (L, Model), as the result. Options: nn::norm_first, nn::batch_first, nn::no_bias,
/// nn::no_dropout, nn::real<double>, ashlar::causal, and a layer as the activation, as in
/// `nn::TransformerEncoderLayer<64, 4, 256, nn::GELU>`.
template <std::size_t Model, std::size_t Heads, std::size_t FeedForward = 2048, class... Options>
struct TransformerEncoderLayer {
    using parts = detail::transformer_layer<Model, Heads, FeedForward, Options...>;
    using real_type = typename parts::real_type;

    typename parts::template attention<true> self_attn;
    typename parts::template linear<Model, FeedForward> linear1;
    typename parts::template linear<FeedForward, Model> linear2;
    typename parts::norm norm1, norm2;
    [[no_unique_address]] typename parts::dropout_layer dropout = parts::usual_dropout();
    [[no_unique_address]] typename parts::dropout_layer dropout1 = parts::usual_dropout();
    [[no_unique_address]] typename parts::dropout_layer dropout2 = parts::usual_dropout();
    [[no_unique_address]] typename parts::activation activation{};

    TransformerEncoderLayer() = default;
    constexpr explicit TransformerEncoderLayer(seed s) { ashlar::detail::construct(*this, s); }

    template <class X, class... Mask> constexpr auto forward(X x, Mask... mask) const {
        const auto y =
            parts::with_skip(x, norm1, [&](const auto& in) { return dropout1(self_attn(in, in, in, mask...)); });
        return parts::with_skip(y, norm2,
                                [&](const auto& in) { return dropout2(linear2(dropout(activation(linear1(in))))); });
    }
    template <class... X> constexpr called<const TransformerEncoderLayer&, X...> operator()(X&&... x) const& noexcept {
        return ashlar::detail::call_or_fault(*this, std::forward<X>(x)...);
    }
    template <class... X> constexpr called<TransformerEncoderLayer, X...> operator()(X&&... x) && noexcept {
        return ashlar::detail::call_or_fault(std::move(*this), std::forward<X>(x)...);
    }
    constexpr void set_dropout(double p) { parts::set_dropout(*this, p); }
    static constexpr void members(auto& self, auto&& visit) {
        visit("self_attn", self.self_attn), visit("linear1", self.linear1), visit("linear2", self.linear2);
        visit("norm1", self.norm1), visit("norm2", self.norm2);
        if constexpr (parts::drops_out)
            visit("dropout", self.dropout), visit("dropout1", self.dropout1), visit("dropout2", self.dropout2);
        visit("activation", self.activation);
    }
};

/// The same with a second attention, whose keys and values are what an encoder made. Called with x and the memory, and
/// with a mask for each attention. `ashlar::causal` is that of the first. Shapes: memory (S, N, Model) beside x.
template <std::size_t Model, std::size_t Heads, std::size_t FeedForward = 2048, class... Options>
struct TransformerDecoderLayer {
    using parts = detail::transformer_layer<Model, Heads, FeedForward, Options...>;
    using real_type = typename parts::real_type;

    typename parts::template attention<true> self_attn;
    typename parts::template attention<false> multihead_attn;
    typename parts::template linear<Model, FeedForward> linear1;
    typename parts::template linear<FeedForward, Model> linear2;
    typename parts::norm norm1, norm2, norm3;
    [[no_unique_address]] typename parts::dropout_layer dropout = parts::usual_dropout();
    [[no_unique_address]] typename parts::dropout_layer dropout1 = parts::usual_dropout();
    [[no_unique_address]] typename parts::dropout_layer dropout2 = parts::usual_dropout();
    [[no_unique_address]] typename parts::dropout_layer dropout3 = parts::usual_dropout();
    [[no_unique_address]] typename parts::activation activation{};

    TransformerDecoderLayer() = default;
    constexpr explicit TransformerDecoderLayer(seed s) { ashlar::detail::construct(*this, s); }

    template <class X, class Memory> constexpr auto forward(X x, Memory memory) const {
        return run(x, [](const auto& a, const auto& in) { return a(in, in, in); }, across(memory));
    }
    template <class X, class Memory, class Mask> constexpr auto forward(X x, Memory memory, Mask mask) const {
        return run(x, within(mask), across(memory));
    }
    template <class X, class Memory, class Mask, class MemoryMask>
    constexpr auto forward(X x, Memory memory, Mask mask, MemoryMask memory_mask) const {
        return run(x, within(mask), across(memory, memory_mask));
    }
    template <class... X> constexpr called<const TransformerDecoderLayer&, X...> operator()(X&&... x) const& noexcept {
        return ashlar::detail::call_or_fault(*this, std::forward<X>(x)...);
    }
    template <class... X> constexpr called<TransformerDecoderLayer, X...> operator()(X&&... x) && noexcept {
        return ashlar::detail::call_or_fault(std::move(*this), std::forward<X>(x)...);
    }
    constexpr void set_dropout(double p) { parts::set_dropout(*this, p); }
    static constexpr void members(auto& self, auto&& visit) {
        visit("self_attn", self.self_attn), visit("multihead_attn", self.multihead_attn);
        visit("linear1", self.linear1), visit("linear2", self.linear2);
        visit("norm1", self.norm1), visit("norm2", self.norm2), visit("norm3", self.norm3);
        if constexpr (parts::drops_out)
            visit("dropout", self.dropout), visit("dropout1", self.dropout1), visit("dropout2", self.dropout2),
                visit("dropout3", self.dropout3);
        visit("activation", self.activation);
    }

private:
    static constexpr auto within(auto mask) {
        return [mask](const auto& attention, const auto& in) { return attention(in, in, in, mask); };
    }
    static constexpr auto across(auto memory, auto... mask) {
        return [=](const auto& attention, const auto& in) { return attention(in, memory, memory, mask...); };
    }
    template <class X, class Within, class Across> constexpr auto run(const X& x, Within self, Across other) const {
        const auto y = parts::with_skip(x, norm1, [&](const auto& in) { return dropout1(self(self_attn, in)); });
        const auto z = parts::with_skip(y, norm2, [&](const auto& in) { return dropout2(other(multihead_attn, in)); });
        return parts::with_skip(z, norm3,
                                [&](const auto& in) { return dropout3(linear2(dropout(activation(linear1(in))))); });
    }
};

}  // namespace ashlar::nn
