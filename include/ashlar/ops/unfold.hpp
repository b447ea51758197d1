// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/add.hpp"
#include "ashlar/ops/gather.hpp"
#include "ashlar/ops/view.hpp"

namespace ashlar {

template <class Operand, int Axis, index Size, index Step> struct unfold_needs_windows_that_fit : refusal {};

/// A view whose last axis goes along windows of another one, which may overlap: no element moves.
/// Derivative: g, added up where windows show one element. Attributes: as those of a view.
struct unfold_op : view_op {
    static constexpr const char* name = "unfold";
    template <class Op> static consteval op_record describe() {
        return {.name = name,
                .id = hash_type<Op>(),
                .what = kind::view,
                .cost = 0,
                .differentiable = true,
                .pullback = &pull_back<value_for<Op>>};
    }
    // Each element of g, in row-major order, to the place of x that it shows.
    template <class V> static constexpr void pull_back(graph& graph, int y, int g, int* to) {
        const attributes a = graph.attributes_of(y);
        const shape from = graph.shape_of(graph.argument(y, 0)), shown = graph.shape_of(y);
        const V full = expand_value({&graph, g}, shown);
        V place{&graph, graph.constant(0, dtype::int32)};
        for (int i = 0; i < shown.rank; ++i) {
            const view_axis v = axis_of(a, i);
            index stride = v.step;
            for (int d = v.axis + 1; d < from.rank; ++d) stride *= from[d];
            const shape line{shown.rank - i, {shown[i], 1, 1, 1, 1, 1}};
            const V at = reshape_value({&graph, graph.range(shown[i], dtype::int32)}, line);
            place = place + at * V{&graph, graph.constant(static_cast<double>(stride), dtype::int32)};
        }
        const shape all{1, {shown.size()}}, flat{1, {from.size()}};
        const V sums = apply_values<dependent<scatter_add_op, V>>(index_use{}.with(indexing::add).pack(flat),
                                                                  reshape_value(full, all),
                                                                  reshape_value(expand_value(place, shown), all));
        *to = reshape_value(sums, from).id;
    }
};

namespace detail {

template <int Axis, index Size, index Step> struct unfold_body {
    template <class X> static constexpr auto fault() {
        if constexpr (!std::is_void_v<reduction_fault<X, Axis>>) {
            return reduction_fault<X, Axis>();
        } else {
            constexpr shape s = std::remove_cvref_t<X>::extent;
            constexpr int axis = Axis < 0 ? Axis + s.rank : Axis;
            if constexpr (s.rank == max_rank) return unsqueeze_makes_more_than_six_axes<shape_t<X>>{};
            else if constexpr (Size < 1 || Step < 1 || Size > s[axis])
                return unfold_needs_windows_that_fit<shape_t<X>, Axis, Size, Step>{};
        }
    }
    template <class X> constexpr auto operator()(const X& x) const {
        constexpr shape s = X::extent;
        constexpr int axis = Axis < 0 ? Axis + s.rank : Axis;
        constexpr attributes a = [=] {
            attributes all{};
            for (int i = 0; i < s.rank; ++i) set_axis(all, i, {i, 0, 1, s[i]});
            set_axis(all, axis, {axis, 0, Step, (s[axis] - Size) / Step + 1});
            set_axis(all, s.rank, {axis, 0, 1, Size});
            return all;
        }();
        return apply<unfold_op, attributes_constant<a>>(x);
    }
};
}  // namespace detail

/// Windows of Size elements, one every Step along an axis, as a view: the axis becomes that of the windows, their
/// elements are the last one (torch.Tensor.unfold). Value: y[.., w, .., k] = x[.., w * Step + k, ..]. Derivative: g,
/// added up where windows overlap. What is left at the end belongs to no window.
template <int Axis, index Size, index Step, operand X>
constexpr detail::composed_checked<detail::unfold_body<Axis, Size, Step>, X> unfold(X&& x) {
    return detail::compose_checked<detail::unfold_body<Axis, Size, Step>>(std::forward<X>(x));
}

}  // namespace ashlar
