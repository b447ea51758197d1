// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/nn/init.hpp"
#include "ashlar/nn/layer.hpp"
#include "ashlar/nn/real.hpp"
#include "ashlar/ops/add.hpp"
#include "ashlar/ops/matmul.hpp"

namespace ashlar {
template <class... Got> struct the_sizes_of_a_layer_are_its_template_arguments__as_in_Linear_4_8 : refusal {};
}  // namespace ashlar

namespace ashlar::nn {

/// An option of Linear and the convolutions: no bias.
struct no_bias {};

/// y = x W^T + b. Shapes: (..., In) to (..., Out); weight [Out, In], bias [Out], PyTorch's layout.
/// Initialised with U(-1/sqrt(In), 1/sqrt(In)), which is kaiming_uniform with a = sqrt(5). Options: nn::no_bias,
/// nn::real<double>.
template <std::size_t In, std::size_t Out, class... Options> struct Linear {
    using real_type = detail::real_of<Options...>;
    static constexpr bool has_bias = !(std::same_as<Options, no_bias> || ...);
    static constexpr std::size_t in_features = In, out_features = Out;
    static constexpr bool matrices_only_multiply = true;  // see Compiled

    Tensor<real_type, Out, In> weight;
    [[no_unique_address]] std::conditional_t<has_bias, Tensor<real_type, Out>, no_bias> bias;

    Linear() = default;
    constexpr explicit Linear(seed s) { ashlar::detail::construct(*this, s); }

    constexpr auto forward(expression auto x) const {
        if constexpr (has_bias) return matmul(x, transpose(weight)) + bias;
        else return matmul(x, transpose(weight));
    }
    template <class... X> constexpr called<const Linear&, X...> operator()(X&&... x) const& noexcept {
        return ashlar::detail::call_or_fault(*this, std::forward<X>(x)...);
    }
    template <class... X> constexpr called<Linear, X...> operator()(X&&... x) && noexcept {
        return ashlar::detail::call_or_fault(std::move(*this), std::forward<X>(x)...);
    }

    constexpr void reset_parameters(generator& random) {
        constexpr auto bound = static_cast<real_type>(ashlar::detail::inverse_root(static_cast<double>(In)));
        fill_uniform(weight, random, bound);
        if constexpr (has_bias) fill_uniform(bias, random, bound);
    }
    static constexpr void members(auto& self, auto&& visit) {
        visit("weight", self.weight);
        if constexpr (has_bias) visit("bias", self.bias);
    }
};

namespace detail {

/// A Linear inside another layer, with as few options as say what it is.
template <class T, std::size_t In, std::size_t Out, bool HasBias> using linear_of =
    std::conditional_t<std::same_as<T, float>, std::conditional_t<HasBias, Linear<In, Out>, Linear<In, Out, no_bias>>,
                       std::conditional_t<HasBias, Linear<In, Out, real<T>>, Linear<In, Out, no_bias, real<T>>>>;

}  // namespace detail

// `Linear layer(4, 8);`
template <> struct Linear<0, 0> : poison {
    template <class... X> constexpr Linear(X...) {
        [[maybe_unused]] poison& fault =
            refused<the_sizes_of_a_layer_are_its_template_arguments__as_in_Linear_4_8<X...>>;
    }
    constexpr poison operator()(const auto&...) const { return {}; }
};
template <std::integral First, std::integral... More> Linear(First, More...) -> Linear<0, 0>;

}  // namespace ashlar::nn
