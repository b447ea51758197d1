// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/expand.hpp"

namespace ashlar {

namespace detail {

/// A reduction's attributes: a bit for every axis that is reduced, and for every one that leaves the shape.
constexpr attributes reduction_attributes(int reduced, int dropped) { return {2, {reduced, dropped}}; }

constexpr shape reduced_shape(const shape& x, int reduced, int dropped) {
    shape s{};
    for (int i = 0; i < x.rank; ++i)
        if ((dropped >> i & 1) == 0) s.extent[s.rank++] = (reduced >> i & 1) != 0 ? 1 : x[i];
    return s;
}

}  // namespace detail

/// The same elements in row-major order under another shape; no copy.
/// Derivative: g in the old shape. Shapes: the number of elements stays.
struct reshape_op {
    static constexpr const char* name = "reshape";
    template <class Attributes, class S> using fault = void;
    static constexpr shape infer(const attributes& a, const shape&) { return expand_op::infer(a, {}); }
    static constexpr dtype result_type(const attributes&, dtype x) { return x; }
    template <class Op> static consteval op_record describe() {
        return {.name = name,
                .id = hash_type<Op>(),
                .what = kind::reshape,
                .cost = 0,
                .differentiable = true,
                .simplifies = true,
                .pullback = &pull_back,
                .simplify = &simplify};
    }
    static constexpr void pull_back(graph& graph, int y, int g, int* to);
    static constexpr int simplify(graph& graph, const int* x, const attributes& a);
    static constexpr int reduced_without_axes(graph& graph, int id, const shape& s);
};

constexpr value reshape_value(value x, const shape& s) {
    return x.extents() == s ? x : apply_values<reshape_op>(detail::attributes_of(s), x);
}

constexpr void reshape_op::pull_back(graph& graph, int y, int g, int* to) {
    const value full = expand_value({&graph, g}, graph.shape_of(y));
    *to = reshape_value(full, graph.shape_of(graph.argument(y, 0))).id;
}

constexpr int reshape_op::simplify(graph& graph, const int* x, const attributes& a) {
    const shape s = infer(a, {});
    if (graph.shape_of(x[0]) == s) return x[0];
    if (graph.is_constant(x[0])) return expand_value({&graph, x[0]}, s).id;
    if (graph.is(x[0], record<reshape_op>)) return reshape_value({&graph, graph.argument(x[0], 0)}, s).id;
    return graph.nodes[x[0]].op->facts.reduces ? reduced_without_axes(graph, x[0], s) : no_index;
}

// A reduction of which only the axes go that it has reduced anyway.
constexpr int reshape_op::reduced_without_axes(graph& graph, int id, const shape& s) {
    const int x = graph.argument(id, 0);
    const auto reduced = static_cast<int>(graph.attributes_of(id).value[0]);
    if (!(detail::reduced_shape(graph.shape_of(x), reduced, reduced) == s)) return no_index;
    return graph.make(*graph.nodes[id].op, &x, 1, s, graph.type_of(id), detail::reduction_attributes(reduced, reduced));
}

template <std::size_t... Dims, operand X> constexpr auto reshape(X&& x) {
    if constexpr (is_poison<X>) {
        return absorbed<X>{};
    } else if constexpr (std::remove_cvref_t<X>::extent.size() != Shape<Dims...>::value.size()) {
        if constexpr (detail::in_a_body<X>) {
            return deferred<reshape_changes_the_number_of_elements<shape_t<X>, Shape<Dims...>>>{};
        } else {
            poison& fault = refused<reshape_changes_the_number_of_elements<shape_t<X>, Shape<Dims...>>>;
            return fault;
        }
    } else {
        return apply<reshape_op, static_attributes<static_cast<index>(Dims)...>>(std::forward<X>(x));
    }
}

namespace detail {
template <class X, std::size_t... Dims> constexpr auto reshape_to(X&& x, Shape<Dims...>) {
    return reshape<Dims...>(std::forward<X>(x));
}
}  // namespace detail

/// Keeps dimension 0 and joins the others, as nn::Flatten does; a vector stays.
template <operand X> constexpr auto flatten(X&& x) {
    if constexpr (is_poison<X>) {
        return absorbed<X>{};
    } else {
        constexpr shape s = std::remove_cvref_t<X>::extent;
        constexpr auto rows = static_cast<std::size_t>(s[0]);
        if constexpr (s.rank == 1) return reshape<rows>(std::forward<X>(x));
        else return reshape<rows, static_cast<std::size_t>(s.size()) / rows>(std::forward<X>(x));
    }
}

/// A new axis of extent 1 at Axis (negative: from the end of the result).
template <int Axis, operand X> constexpr auto unsqueeze(X&& x) {
    if constexpr (is_poison<X>) {
        return absorbed<X>{};
    } else {
        constexpr int rank = std::remove_cvref_t<X>::extent.rank;
        constexpr int axis = Axis < 0 ? Axis + rank + 1 : Axis;
        if constexpr (rank == max_rank) {
            if constexpr (detail::in_a_body<X>) {
                return deferred<unsqueeze_makes_more_than_six_axes<shape_t<X>>>{};
            } else {
                poison& fault = refused<unsqueeze_makes_more_than_six_axes<shape_t<X>>>;
                return fault;
            }
        } else if constexpr (axis < 0 || axis > rank) {
            if constexpr (detail::in_a_body<X>) {
                return deferred<axis_out_of_range<shape_t<X>, Axis>>{};
            } else {
                poison& fault = refused<axis_out_of_range<shape_t<X>, Axis>>;
                return fault;
            }
        } else {
            constexpr shape to = [] {
                const shape s = std::remove_cvref_t<X>::extent;
                shape wider{};
                wider.rank = rank + 1;
                for (int i = 0; i <= rank; ++i) wider.extent[i] = i < axis ? s[i] : i == axis ? 1 : s[i - 1];
                return wider;
            }();
            return detail::reshape_to(std::forward<X>(x), dims_of<detail::shape_constant<to>>{});
        }
    }
}

}  // namespace ashlar
