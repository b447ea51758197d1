// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/nn/init.hpp"
#include "ashlar/nn/layer.hpp"
#include "ashlar/nn/normalize.hpp"
#include "ashlar/nn/real.hpp"
#include "ashlar/ops/div.hpp"
#include "ashlar/ops/sqrt.hpp"

namespace ashlar::nn {
namespace detail {

/// A layer with one weight, and perhaps a bias, that is called with a weight which is computed.
template <class L> concept has_one_weight = requires {
    typename L::real_type;
    L::has_bias;
    decltype(L::weight)::extent;
};

/// What is known of the wrapped layer without an input.
template <class L> struct features_of {};
template <states_its_features L> struct features_of<L> {
    static constexpr std::size_t in_features = L::in_features, out_features = L::out_features;
};

/// The body of a layer, of which there is no object: with a value as its weight, and with this bias.
template <class L, class X> constexpr auto run_with_weight(const X& x, const value_for<X>& weight, const auto& bias) {
    graph& g = *x.g;
    const L& layer = ashlar::detail::shadow<L>.model;
    const int before = g.members.size();
    g.members.push({layer.weight.data(), weight.id});
    if constexpr (L::has_bias)
        g.members.push({layer.bias.data(), member_as(x, bias, std::remove_cvref_t<decltype(bias)>::extent).id});
    const auto y = ashlar::detail::run_body(layer, x);
    while (g.members.size() > before) g.members.pop();
    return y;
}

/// Draws them as Linear and the convolutions do, from the same numbers.
template <class Weight> constexpr void draw_weight(Weight& weight, auto& bias, generator& random) {
    using T = typename Weight::value_type;
    const auto bound = static_cast<T>(ashlar::detail::inverse_root(
        static_cast<double>(Weight::size() / static_cast<std::size_t>(Weight::extent[0]))));
    fill_uniform(weight, random, bound);
    if constexpr (requires { bias.data(); }) fill_uniform(bias, random, bound);
}

template <class T> constexpr double norm_of_row(const T* row, std::size_t count) {
    double sum = 0;
    for (std::size_t i = 0; i < count; ++i) sum += static_cast<double>(row[i]) * static_cast<double>(row[i]);
    return kernels::sqrt(sum);
}

/// [Out, 1, ...] for a weight [Out, In, ...].
template <shape S> inline constexpr shape extents_of_norms = [] {
    shape s = S;
    for (int i = 1; i < s.rank; ++i) s.extent[i] = 1;
    return s;
}();

}  // namespace detail

/// A Linear or a convolution whose weight is g v / |v|, where |v| is the length of each v[o], along the first axis
/// (Salimans and Kingma 2016; torch.nn.utils.weight_norm with dim=0): `nn::weight_norm<nn::Linear<4, 8>>`. Trained are
/// weight_g [Out, 1, ...] and weight_v, as PyTorch calls them. Initialised so that the weight is what L draws from the
/// same seed. Edges: nan where v[o] is 0, as before it is initialised.
template <class L> struct weight_norm {
    static_assert(detail::has_one_weight<L>, "nn::weight_norm takes a Linear or a convolution");
};
template <detail::has_one_weight L> struct weight_norm<L> : detail::features_of<L> {
    using real_type = typename L::real_type;
    using weight_type = decltype(L::weight);
    template <class X, std::size_t... Index> using misfit = ashlar::misfit<L, X, Index...>;

    [[no_unique_address]] decltype(L::bias) bias;
    typename detail::tensor_with<real_type, detail::extents_of_norms<weight_type::extent>>::type weight_g;
    weight_type weight_v;

    weight_norm() = default;
    constexpr explicit weight_norm(seed s) { ashlar::detail::construct(*this, s); }

    template <class X> constexpr auto forward(X x) const {
        using V = value_for<X>;
        constexpr shape s = weight_type::extent;
        const V v = detail::member_as(x, weight_v, s), g = detail::member_as(x, weight_g, weight_g.extent);
        const V length = sqrt(reduce_value<sum_op>(V{v * v}, detail::axes_from(1, s.rank), 0));
        return detail::run_with_weight<L>(x, V{v * (g / length)}, bias);
    }
    template <class... X> constexpr called<const weight_norm&, X...> operator()(X&&... x) const& noexcept {
        return ashlar::detail::call_or_fault(*this, std::forward<X>(x)...);
    }
    template <class... X> constexpr called<weight_norm, X...> operator()(X&&... x) && noexcept {
        return ashlar::detail::call_or_fault(std::move(*this), std::forward<X>(x)...);
    }
    constexpr void reset_parameters(generator& random) {
        constexpr std::size_t row = weight_type::size() / static_cast<std::size_t>(weight_type::extent[0]);
        detail::draw_weight(weight_v, bias, random);
        for (std::size_t i = 0; i < weight_g.size(); ++i)
            weight_g.data()[i] = static_cast<real_type>(detail::norm_of_row(weight_v.data() + i * row, row));
    }
    static constexpr void members(auto& self, auto&& visit) {
        if constexpr (L::has_bias) visit("bias", self.bias);
        visit("weight_g", self.weight_g), visit("weight_v", self.weight_v);
    }
};

}  // namespace ashlar::nn
