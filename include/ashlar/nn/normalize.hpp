// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/nn/layer.hpp"
#include "ashlar/ops/rsqrt.hpp"
#include "ashlar/ops/var.hpp"

// What the normalising layers share. It computes with values, whose ops are compiled once for all shapes.
namespace ashlar {
template <class Layer, class Input> struct input_needs_the_axes_batch_and_channels : refusal {};
template <class Layer, std::size_t Channels, class Input> struct input_channels_on_axis_1_differ : refusal {};
}  // namespace ashlar

namespace ashlar::nn {

/// Options of normalisations: without weight and bias, or with them where that is not the default.
struct no_affine {};
struct affine {};
/// Statistics of the batch in the evaluation form, too; and running ones where these are not the default.
struct no_running_stats {};
struct track_running_stats {};
/// Running statistics that are the mean of those of all batches (PyTorch's momentum=None).
struct no_momentum {};

namespace detail {

using ashlar::detail::option_beside;

/// All axes from one on, as the mask of a reduction.
constexpr int axes_from(int first, int rank) { return ((1 << rank) - 1) & ~((1 << first) - 1); }

/// Mean and biased variance over axes, which stay with extent 1.
template <class V> struct moments {
    V mean, var;
};
template <class V> constexpr V mean_over(const V& x, int axes) {
    index n = 1;
    for (int i = 0; i < x.extents().rank; ++i) n *= (axes >> i & 1) != 0 ? x.extents()[i] : 1;
    return reduce_value<sum_op>(x, axes, 0) * (1 / static_cast<double>(n));
}
template <class V> constexpr moments<V> moments_over(const V& x, int axes) {
    const V mean = mean_over<V>(x, axes);
    return {mean, mean_over<V>(apply<squared_deviation_op>(x, mean), axes)};
}

/// A member as a value, with the shape that it has beside x.
template <class X, class Member> constexpr value_for<X> member_as(const X& x, const Member& member, const shape& s) {
    const int id =
        ashlar::detail::tensor_node(*x.g, member.data(), dtype_of<typename Member::value_type>, Member::extent);
    return reshape_value({x.g, id}, s);
}
/// A buffer goes a share of the way to the statistics of a batch.
template <class X, class Buffer>
constexpr void move_towards(const X& x, const Buffer& running, value_for<X> to, const value_for<X>& share) {
    const value_for<X> before = member_as(x, running, running.extent);
    to = reshape_value(to, running.extent);
    ashlar::detail::replace_member(*x.g, running.data(), running.extent,
                                   stop_gradient(before * (1 - share) + to * share).id);
}
/// What makes an unbiased variance of a biased one over n elements.
constexpr double unbiased_factor(index n) {
    return n == 1 ? kernels::format<double>::nan : static_cast<double>(n) / static_cast<double>(n - 1);
}
/// The shape of what belongs to the channels, axis 1, of a tensor.
constexpr shape beside_channels(const shape& x) {
    shape s{};
    for (int i = 1; i < x.rank; ++i) s.extent[s.rank++] = i == 1 ? x[1] : 1;
    return s;
}

/// y * weight + bias, of layers that have them.
template <class X, class Layer>
constexpr value_for<X> scale_and_shift(const X& x, value_for<X> y, const Layer& layer, const shape& s) {
    if constexpr (Layer::is_affine) y = y * member_as(x, layer.weight, s) + member_as(x, layer.bias, s);
    return y;
}

template <class Layer> constexpr void reset_affine(Layer& layer) {
    if constexpr (Layer::is_affine) layer.weight = layer.weight.ones(), layer.bias = layer.bias.zeros();
}

// A member that a layer has with some options only.
template <bool Has, class Member> using member_if = std::conditional_t<Has, Member, std::type_identity<Member>>;

// What is wrong with an input whose channels are axis 1 of some number of axes.
template <class Layer, int Least, int Most, class X, std::size_t... Index> consteval auto fault_of_channels() {
    constexpr shape s = std::remove_cvref_t<X>::extent;
    if constexpr (s.rank < Least || s.rank > Most)
        return std::type_identity<input_needs_the_axes_batch_and_channels<Layer, shape_t<X>>>{};
    else if constexpr (constexpr auto got = static_cast<std::size_t>(s[1]); got != Layer::num_features) {
        if constexpr (sizeof...(Index) == 0)
            return std::type_identity<input_channels_on_axis_1_differ<Layer, Layer::num_features, shape_t<X>>>{};
        else return std::type_identity<layer_shape_mismatch<Layer, Index..., Layer::num_features, got>>{};
    }
}
template <class Layer, int Least, int Most, class X, std::size_t... Index> using axis_1_misfit =
    typename ashlar::detail::type_of<decltype(fault_of_channels<Layer, Least, Most, X, Index...>())>::type;

// The same with a batch or without.
template <class X> struct batch_of_one {
    static constexpr shape extent = [] {
        shape s{};
        s.extent[s.rank++] = 1;
        for (int i = 0; i < X::extent.rank; ++i) s.extent[s.rank++] = X::extent[i];
        return s;
    }();
};
template <class Layer, int Dimensions, class X, std::size_t... Index> using instances_misfit =
    std::conditional_t<std::remove_cvref_t<X>::extent.rank == Dimensions + 1,
                       axis_1_misfit<Layer, Dimensions + 2, Dimensions + 2, batch_of_one<X>, Index...>,
                       axis_1_misfit<Layer, Dimensions + 2, Dimensions + 2, X, Index...>>;

}  // namespace detail
}  // namespace ashlar::nn
