// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/add.hpp"
#include "ashlar/ops/div.hpp"
#include "ashlar/ops/floor.hpp"
#include "ashlar/ops/minimum.hpp"
#include "ashlar/ops/mul.hpp"
#include "ashlar/ops/sub.hpp"
#include "ashlar/ops/take.hpp"

// Axes of another length, between whose elements there are others: made of takes, so nothing has a derivative of its
// own. What is read is named by formulas of constants, which are computed once for an axis.
namespace ashlar {
namespace detail {

/// How an axis is read: its nearest elements, or on the line between two. Aligned: the elements at the ends stay there;
/// otherwise an element is the middle of a piece of the axis, and all pieces together cover it.
enum class interpolation : unsigned char { nearest, linear, aligned };

template <class V> constexpr V whole_number(graph& g, index n, dtype type) {
    return V{&g, g.constant(static_cast<double>(n), type)};
}
template <class V> constexpr V taken_along(V x, int axis, V place) {
    return apply_values<take_op>(attributes{2, {axis, 1}}, x, to_type<V>(place, dtype::int32));
}

/// y[i] = x[min(floor(i * (in / out)), in - 1)], where the quotient is a float, as PyTorch has it.
template <class V> constexpr V nearest_along(V x, int axis, index out) {
    graph& g = *x.g;
    const index in = x.extents()[axis];
    const V step{&g, g.constant(static_cast<double>(static_cast<float>(in) / static_cast<float>(out)), dtype::float32)};
    const V place = floor(V{&g, g.range(out, dtype::float32)} * step);
    return taken_along<V>(x, axis, minimum(place, whole_number<V>(g, in - 1, dtype::float32)));
}

/// y[i] = (1 - s) * x[k] + s * x[k + 1] for k + s = i * (in - 1) / (out - 1) where aligned, and else for
/// (i + 1/2) * in / out - 1/2, but at least 0; at the end x[k] stands for both. The quotients are of whole numbers, so
/// that k is exact.
template <class V> constexpr V linear_along(V x, int axis, index out, bool aligned) {
    graph& g = *x.g;
    const dtype type = x.type();
    const index in = x.extents()[axis], parts = !aligned ? 2 * out : out > 1 ? out - 1 : 1;
    const auto whole = [&](index n) { return whole_number<V>(g, n, type); };
    const V i{&g, g.range(out, type)}, in_parts = whole(parts);
    V place = i * whole(aligned ? in - 1 : 2 * in);
    if (!aligned) place = maximum(place + whole(in - out), whole(0));
    const V first = floor((place + V{&g, g.constant(0.5, type)}) / in_parts);
    shape column{x.extents().rank - axis, {out, 1, 1, 1, 1, 1}};
    const V share = reshape_value((place - first * in_parts) / in_parts, column);
    return taken_along<V>(x, axis, first) * (whole(1) - share) +
           taken_along<V>(x, axis, minimum(first + whole(1), whole(in - 1))) * share;
}

/// The last axes first, while there are few elements.
template <class V> constexpr V interpolate(V x, const shape& to, interpolation how) {
    if (how != interpolation::nearest && !is_float64(x.type())) x = to_type<V>(x, dtype::float32);
    for (int axis = to.rank - 1; axis >= 0; --axis) {
        if (to[axis] == x.extents()[axis]) continue;
        x = how == interpolation::nearest ? nearest_along<V>(x, axis, to[axis])
                                          : linear_along<V>(x, axis, to[axis], how == interpolation::aligned);
    }
    return x;
}

/// x of other extents (torch.nn.functional.interpolate), in a body.
template <shape To, interpolation How, class X> constexpr auto interpolated(const X& x) {
    using type = typename X::value_type;
    constexpr dtype of = dtype_of<type>, read = How == interpolation::nearest ? arithmetic_type(of)
                                                : is_float64(of)              ? of
                                                                              : dtype::float32;
    using result = typename element_of<read>::type;
    return typename handle_with<result, dims_of<shape_constant<To>>>::type{
        interpolate<value_for<X>>(value_for<X>{x.g, x.id}, To, How)};
}

}  // namespace detail
}  // namespace ashlar
