// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/nn/linear.hpp"
#include "ashlar/ops/concat.hpp"
#include "ashlar/ops/einsum.hpp"

namespace ashlar {
template <class Layer, class First, class Second> struct bilinear_takes_two_inputs_of_its_features : refusal {};
}  // namespace ashlar

namespace ashlar::nn {

/// y[o] = sum over i and j of a[i] weight[o][i][j] b[j], + bias[o]: `layer(a, b)`.
/// Shapes: (..., In1) and (..., In2), equal but for the last axis, to (..., Out); weight [Out, In1, In2], bias [Out].
/// Initialised with U(-1/sqrt(In1), 1/sqrt(In1)). Options: nn::no_bias, nn::real<double>.
template <std::size_t In1, std::size_t In2, std::size_t Out, class... Options> struct Bilinear {
    using real_type = detail::real_of<Options...>;
    static constexpr bool has_bias = !(std::same_as<Options, no_bias> || ...);

    Tensor<real_type, Out, In1, In2> weight;
    [[no_unique_address]] std::conditional_t<has_bias, Tensor<real_type, Out>, no_bias> bias;

    Bilinear() = default;
    constexpr explicit Bilinear(seed s) { ashlar::detail::construct(*this, s); }

    constexpr auto forward(expression auto a, expression auto b) const {
        using A = decltype(a);
        using B = decltype(b);
        if constexpr (!is_read_as<real_type, typename B::value_type>)
            return deferred<input_type_differs<Bilinear, real_type, typename B::value_type>>{};
        else if constexpr (!takes_features<A, In1> || !takes_features<B, In2> ||
                           !ashlar::detail::equal_outside(A::extent, B::extent, A::extent.rank - 1))
            return deferred<bilinear_takes_two_inputs_of_its_features<Bilinear, shape_t<A>, shape_t<B>>>{};
        else if constexpr (has_bias) return einsum<"...i,oij,...j->...o">(a, weight, b) + bias;
        else return einsum<"...i,oij,...j->...o">(a, weight, b);
    }
    template <class... X> constexpr called<const Bilinear&, X...> operator()(X&&... x) const& noexcept {
        return ashlar::detail::call_or_fault(*this, std::forward<X>(x)...);
    }
    template <class... X> constexpr called<Bilinear, X...> operator()(X&&... x) && noexcept {
        return ashlar::detail::call_or_fault(std::move(*this), std::forward<X>(x)...);
    }

    constexpr void reset_parameters(generator& random) {
        constexpr auto bound = static_cast<real_type>(ashlar::detail::inverse_root(static_cast<double>(In1)));
        fill_uniform(weight, random, bound);
        if constexpr (has_bias) fill_uniform(bias, random, bound);
    }
    static constexpr void members(auto& self, auto&& visit) {
        visit("weight", self.weight);
        if constexpr (has_bias) visit("bias", self.bias);
    }
};

}  // namespace ashlar::nn
