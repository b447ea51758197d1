// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/nn/buffer.hpp"
#include "ashlar/nn/normal.hpp"
#include "ashlar/nn/weight_norm.hpp"
#include "ashlar/ops/matmul.hpp"
#include "ashlar/ops/minimum.hpp"
#include "ashlar/ops/view.hpp"

namespace ashlar::nn {
namespace detail {

// The axis of a weight that becomes the rows of a matrix: that of the outputs.
template <class L> inline constexpr int axis_of_outputs = 0;
template <class L>
    requires requires { L::further; }  // a transposed convolution
inline constexpr int axis_of_outputs<L> = 1;

// x of unit length, or what is as far below 1 as x is below eps.
template <class V> constexpr V normalized(const V& x, const V& eps) {
    return x / maximum(V{sqrt(reduce_value<sum_op>(V{x * x}, 3, 0))}, eps);
}

}  // namespace detail

/// A Linear or a convolution whose weight is divided by its largest singular value sigma, seen as a matrix W [Out, all
/// else] (Miyato et al. 2018; torch.nn.utils.spectral_norm): `nn::spectral_norm<nn::Linear<4, 8>>`. Trained is
/// weight_orig; the buffers weight_u [Out] and weight_v are the singular vectors, which `Iterations` of the power
/// method move in the training form: v = W^T u / |W^T u|, u = W v / |W v|. sigma = u W v, whose derivative takes u and
/// v as constants. `eps` is what lengths are at least. Initialised with the weight that L draws from the same seed,
/// and with random vectors. Edges: nan or inf before it is initialised.
template <class L, std::size_t Iterations = 1> struct spectral_norm {
    static_assert(detail::has_one_weight<L>, "nn::spectral_norm takes a Linear or a convolution");
};
template <detail::has_one_weight L, std::size_t Iterations>
struct spectral_norm<L, Iterations> : detail::features_of<L> {
    using real_type = typename L::real_type;
    using weight_type = decltype(L::weight);
    template <class X, std::size_t... Index> using misfit = ashlar::misfit<L, X, Index...>;
    static constexpr auto rows = static_cast<std::size_t>(weight_type::extent[detail::axis_of_outputs<L>]),
                          columns = weight_type::size() / rows;

    option eps = 1e-12;
    [[no_unique_address]] decltype(L::bias) bias;
    weight_type weight_orig;
    buffer<real_type, rows> weight_u{};
    buffer<real_type, columns> weight_v{};

    spectral_norm() = default;
    constexpr explicit spectral_norm(seed s) { ashlar::detail::construct(*this, s); }

    template <class X> constexpr auto forward(X x) const {
        using V = value_for<X>;
        constexpr shape s = weight_type::extent, column{2, {1, static_cast<index>(rows)}},
                        row{2, {1, static_cast<index>(columns)}};
        const V weight = detail::member_as(x, weight_orig, s), w = matrix(weight);
        V u = detail::member_as(x, weight_u, column), v = detail::member_as(x, weight_v, row);
        if (x.g->training && Iterations > 0) {
            const V fixed = stop_gradient(w), least = detail::option_beside(x, eps);
            for (std::size_t i = 0; i < Iterations; ++i) {
                v = detail::normalized<V>(contract(u, false, fixed, false), least);
                u = detail::normalized<V>(contract(v, false, fixed, true), least);
            }
            put(x, weight_u, u), put(x, weight_v, v);
        }
        const V sigma = reduce_value<sum_op>(V{u * contract(v, false, w, true)}, 3, 3);
        return detail::run_with_weight<L>(x, V{weight / sigma}, bias);
    }
    template <class... X> constexpr called<const spectral_norm&, X...> operator()(X&&... x) const& noexcept {
        return ashlar::detail::call_or_fault(*this, std::forward<X>(x)...);
    }
    template <class... X> constexpr called<spectral_norm, X...> operator()(X&&... x) && noexcept {
        return ashlar::detail::call_or_fault(std::move(*this), std::forward<X>(x)...);
    }
    constexpr void reset_parameters(generator& random) {
        detail::draw_weight(weight_orig, bias, random);
        draw_unit(weight_u, random), draw_unit(weight_v, random);
    }
    static constexpr void members(auto& self, auto&& visit) {
        visit("eps", self.eps);
        if constexpr (L::has_bias) visit("bias", self.bias);
        visit("weight_orig", self.weight_orig), visit("weight_u", self.weight_u), visit("weight_v", self.weight_v);
    }

private:
    template <class V> static constexpr V matrix(const V& weight) {
        constexpr shape s{2, {static_cast<index>(rows), static_cast<index>(columns)}};
        if constexpr (detail::axis_of_outputs<L> == 0) {
            return reshape_value(weight, s);
        } else {
            attributes a{};
            for (int i = 0; i < weight_type::rank; ++i) {
                const int from = i < 2 ? 1 - i : i;
                set_axis(a, i, {from, 0, 1, weight_type::extent[from]});
            }
            return reshape_value(apply_values<view_op>(a, weight), s);
        }
    }
    template <class X, class Buffer> static constexpr void put(const X& x, const Buffer& to, const value_for<X>& node) {
        const value_for<X> next = stop_gradient(node);
        ashlar::detail::replace_member(*x.g, to.data(), Buffer::extent, reshape_value(next, Buffer::extent).id);
    }
    template <class Buffer> static constexpr void draw_unit(Buffer& to, generator& random) {
        detail::fill_normal(to, random);
        const double length = detail::norm_of_row(to.data(), to.size());
        for (real_type& e : to) e = static_cast<real_type>(static_cast<double>(e) / length);
    }
};

}  // namespace ashlar::nn
