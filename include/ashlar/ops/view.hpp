// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/part.hpp"
#include "ashlar/ops/place.hpp"
#include "ashlar/ops/sum.hpp"

namespace ashlar {

/// The kind of ops that only rename indices: result axis i is source axis `axis`, from `start` in steps of `step`.
/// All of them are one op with attributes, so that views of views become one view; no element moves.
struct view_op {
    static constexpr const char* name = "view";
    template <class Attributes, class S> using fault = void;
    // Attributes: axis, start, step and extent of every axis of the result.
    static constexpr shape infer(const attributes& a, const shape&) {
        shape s{};
        s.rank = a.count / 4;
        for (int i = 0; i < s.rank; ++i) s.extent[i] = a.value[4 * i + 3];
        return s;
    }
    static constexpr dtype result_type(const attributes&, dtype x) { return x; }
    template <class Op> static consteval op_record describe() {
        return {.name = name,
                .id = hash_type<Op>(),
                .what = kind::view,
                .cost = 0,
                .differentiable = true,
                .simplifies = true,
                .pullback = &pull_back<value_for<Op>>,
                .simplify = &simplify<value_for<Op>>};
    }
    template <class V> static constexpr void pull_back(graph& graph, int y, int g, int* to);
    template <class V> static constexpr int simplify(graph& graph, const int* x, const attributes& a);
    template <class V> static constexpr int of_placement(graph& graph, int x, const attributes& a);
};

struct view_axis {
    int axis = 0;
    index start = 0, step = 1, extent = 1;
};

constexpr view_axis axis_of(const attributes& a, int i) {
    return {static_cast<int>(a.value[4 * i]), a.value[4 * i + 1], a.value[4 * i + 2], a.value[4 * i + 3]};
}
constexpr void set_axis(attributes& a, int i, const view_axis& v) {
    a.value[4 * i] = v.axis, a.value[4 * i + 1] = v.start, a.value[4 * i + 2] = v.step, a.value[4 * i + 3] = v.extent;
    a.count = a.count < 4 * (i + 1) ? 4 * (i + 1) : a.count;
}

/// Exchanges the last two axes of a value.
template <class V = value> constexpr value transpose_value(std::type_identity_t<V> x) {
    attributes a{};
    const shape s = x.extents();
    for (int i = 0; i < s.rank; ++i) {
        const int from = i == s.rank - 1 ? i - 1 : i == s.rank - 2 ? i + 1 : i;
        set_axis(a, i, {from, 0, 1, s[from]});
    }
    return apply_values<view_op>(a, x);
}

/// Is a view the whole of what it views, of shape `from`, with the last two axes exchanged? A slice from 0 on is not.
constexpr bool is_transposition(const attributes& a, const shape& from) {
    const int rank = a.count / 4;
    if (rank < 2 || rank != from.rank) return false;
    for (int i = 0; i < rank; ++i) {
        const view_axis v = axis_of(a, i);
        const int axis = i == rank - 1 ? i - 1 : i == rank - 2 ? i + 1 : i;
        if (v.axis != axis || v.start != 0 || v.step != 1 || v.extent != from[axis]) return false;
    }
    return true;
}

template <class V = value> constexpr value place_value(std::type_identity_t<V> base, std::type_identity_t<V> x,
                                                       const attributes& window) {
    return apply_values<place_op>(window, base, x);
}

template <class V> constexpr void view_op::pull_back(graph& graph, int y, int g, int* to) {
    const attributes a = graph.attributes_of(y);
    const shape s = graph.shape_of(graph.argument(y, 0));
    const V full = expand_value({&graph, g}, graph.shape_of(y));
    // Back into the order of the source's axes, then into its place among them.
    attributes order{}, window{};
    bool whole = true;
    for (int i = 0; i < s.rank; ++i) {
        const view_axis v = axis_of(a, i);
        set_axis(order, v.axis, {i, 0, 1, v.extent});
        set_axis(window, v.axis, {static_cast<int>(s[v.axis]), v.start, v.step, v.extent});
        whole = whole && v.start == 0 && v.step == 1 && v.extent == s[v.axis];
    }
    const V ordered = apply_values<view_op>(order, full);
    *to = whole ? ordered.id : place_value<V>({&graph, graph.constant(0, full.type())}, ordered, window).id;
}

template <class V> constexpr int view_op::simplify(graph& graph, const int* x, const attributes& a) {
    const shape s = graph.shape_of(x[0]);
    bool identity = true;
    for (int i = 0; i < s.rank; ++i) {
        const view_axis v = axis_of(a, i);
        identity = identity && v.axis == i && v.start == 0 && v.step == 1 && v.extent == s[i];
    }
    if (identity) return x[0];
    if (graph.nodes[x[0]].op->facts.is_placement()) return of_placement<V>(graph, x[0], a);
    if (!graph.is(x[0], record<dependent<view_op, V>>)) return no_index;
    const attributes inner = graph.attributes_of(x[0]);
    attributes both{};
    for (int i = 0; i < s.rank; ++i) {
        const view_axis o = axis_of(a, i), v = axis_of(inner, o.axis);
        set_axis(both, i, {v.axis, v.start + v.step * o.start, v.step * o.step, o.extent});
    }
    return apply_values<view_op>(both, V{&graph, graph.argument(x[0], 0)}).id;
}

// What lies beside the window of a placement is a view of its base, what lies inside is one of what is placed: the
// gradient of concat reads each part where it is. no_index where it is of both.
template <class V> constexpr int view_op::of_placement(graph& graph, int x, const attributes& a) {
    const attributes w = graph.attributes_of(x);
    attributes moved = a;
    bool beside = false, inside = true;
    for (int i = 0; i < a.count / 4; ++i) {
        const view_axis v = axis_of(a, i);
        const auto window = detail::window_axis_of(w, v.axis);
        beside = beside || detail::are_apart({v.start, v.step, v.extent}, window);
        const index begin = (v.start - window.start) / window.step, step = v.extent == 1 ? 1 : v.step / window.step;
        const index end = begin + step * (v.extent - 1);
        inside = inside && begin * window.step == v.start - window.start && begin >= 0 && begin < window.extent &&
                 end >= 0 && end < window.extent && (v.extent == 1 || step * window.step == v.step);
        set_axis(moved, i, {v.axis, begin, step, v.extent});
    }
    if (!beside && !inside) return no_index;
    const int from = graph.argument(x, beside ? 0 : 1);
    const shape s = infer(a, {});
    if (graph.is_constant(from)) return expand_value({&graph, from}, s).id;
    for (int i = 0; i < w.count / 4; ++i)  // what broadcasts has other axes
        if (graph.shape_of(from).rank != w.count / 4 || graph.shape_of(from)[i] != w.value[4 * i + (beside ? 0 : 3)])
            return no_index;
    return apply_values<view_op>(beside ? a : moved, V{&graph, from}).id;
}

template <class V> constexpr void place_op::pull_back(graph& graph, int y, int g, int* to) {
    const attributes a = graph.attributes_of(y);
    const V full = expand_value({&graph, g}, graph.shape_of(y));
    const shape base = graph.shape_of(graph.argument(y, 0)), x = graph.shape_of(graph.argument(y, 1));
    attributes window{};
    shape inside{};
    inside.rank = a.count / 4;
    for (int i = 0; i < a.count / 4; ++i) {
        set_axis(window, i, {i, a.value[4 * i + 1], a.value[4 * i + 2], a.value[4 * i + 3]});
        inside.extent[i] = a.value[4 * i + 3];
    }
    const V outside = place_value<V>(full, {&graph, graph.constant(0, full.type())}, a);
    to[0] = graph.is_constant(graph.argument(y, 0)) ? no_index : detail::sum_to<V>(outside, graph.shape_of(y), base).id;
    to[1] = graph.is_constant(graph.argument(y, 1))
                ? no_index
                : detail::sum_to<V>(apply_values<view_op>(window, full), inside, x).id;
}

namespace detail {

/// The axes of a permutation as a view's attributes; `count` stays 0 where it is none.
template <std::size_t N> constexpr attributes permutation(const shape& s, const int (&axes)[N]) {
    attributes a{};
    int seen = 0;
    for (int i = 0; i < s.rank; ++i) {
        const int axis = axes[i] < 0 ? axes[i] + s.rank : axes[i];
        if (axis < 0 || axis >= s.rank || (seen >> axis & 1) != 0) return {};
        seen |= 1 << axis;
        set_axis(a, i, {axis, 0, 1, s[axis]});
    }
    return a;
}

}  // namespace detail

/// Reorders the axes: result axis i is axis Axes[i] of x. Derivative: the inverse permutation of g.
template <int... Axes, operand X> constexpr auto permute(X&& x) {
    if constexpr (is_poison<X>) {
        return absorbed<X>{};
    } else {
        constexpr shape s = std::remove_cvref_t<X>::extent;
        if constexpr (sizeof...(Axes) != static_cast<std::size_t>(s.rank)) {
            if constexpr (detail::in_a_body<X>) {
                return deferred<permute_needs_every_axis_once<shape_t<X>, Axes...>>{};
            } else {
                poison& fault = refused<permute_needs_every_axis_once<shape_t<X>, Axes...>>;
                return fault;
            }
        } else {
            constexpr attributes a = detail::permutation(s, {Axes...});
            if constexpr (a.count == 0) {
                if constexpr (detail::in_a_body<X>) {
                    return deferred<permute_needs_every_axis_once<shape_t<X>, Axes...>>{};
                } else {
                    poison& fault = refused<permute_needs_every_axis_once<shape_t<X>, Axes...>>;
                    return fault;
                }
            } else {
                return apply<view_op, detail::attributes_constant<a>>(std::forward<X>(x));
            }
        }
    }
}

/// Exchanges two axes, the last two if none are named.
template <int First = -2, int Second = -1, operand X> constexpr auto transpose(X&& x) {
    if constexpr (is_poison<X>) {
        return absorbed<X>{};
    } else {
        constexpr shape s = std::remove_cvref_t<X>::extent;
        constexpr int first = First < 0 ? First + s.rank : First, second = Second < 0 ? Second + s.rank : Second;
        if constexpr (first < 0 || first >= s.rank) {
            if constexpr (detail::in_a_body<X>) {
                return deferred<axis_out_of_range<shape_t<X>, First>>{};
            } else {
                poison& fault = refused<axis_out_of_range<shape_t<X>, First>>;
                return fault;
            }
        } else if constexpr (second < 0 || second >= s.rank) {
            if constexpr (detail::in_a_body<X>) {
                return deferred<axis_out_of_range<shape_t<X>, Second>>{};
            } else {
                poison& fault = refused<axis_out_of_range<shape_t<X>, Second>>;
                return fault;
            }
        } else {
            constexpr attributes a = [=] {
                attributes all{};
                for (int i = 0; i < s.rank; ++i) {
                    const int from = i == first ? second : i == second ? first : i;
                    set_axis(all, i, {from, 0, 1, s[from]});
                }
                return all;
            }();
            return apply<view_op, detail::attributes_constant<a>>(std::forward<X>(x));
        }
    }
}

namespace detail {

/// The view that a slice is; `count` is 0 where it leaves the axis or has no element.
constexpr attributes sliced(const shape& s, int axis, index start, index stop, index step) {
    const index n = s[axis], begin = start < 0 ? start + n : start, end = stop < 0 ? stop + n : stop;
    const index way = step < 0 ? begin - end : end - begin, size = step < 0 ? -step : step;
    // Backwards an axis ends before its first element: at -1, which is written as -1 - n.
    const bool inside = step < 0 ? begin < n && end >= -1 : begin >= 0 && end <= n;
    if (step == 0 || !inside || way <= 0) return {};
    attributes a{};
    for (int i = 0; i < s.rank; ++i) set_axis(a, i, {i, 0, 1, s[i]});
    set_axis(a, axis, {axis, begin, step, (way + size - 1) / size});
    return a;
}

}  // namespace detail

/// `slice<Axis, Start, Stop, Step>(x)`: the elements Start, Start + Step, ... before Stop of one axis. Negative Start
/// and Stop count from the end. A negative Step goes backwards, and -1 - n as Stop is before the first of n elements.
/// Derivative: g in those places, 0 elsewhere. Of a tensor or a view that are not const it can also be assigned:
/// `slice<0, 2, 5>(t) = e`, `+= e` and so on, e of the slice's shape or a number; the rest of t stays.
template <int Axis, index Start, index Stop, index Step = 1, operand X> constexpr auto slice(X&& x) {
    if constexpr (is_poison<X>) {
        return absorbed<X>{};
    } else {
        constexpr shape s = std::remove_cvref_t<X>::extent;
        constexpr int axis = Axis < 0 ? Axis + s.rank : Axis;
        if constexpr (axis < 0 || axis >= s.rank) {
            if constexpr (detail::in_a_body<X>) {
                return deferred<axis_out_of_range<shape_t<X>, Axis>>{};
            } else {
                poison& fault = refused<axis_out_of_range<shape_t<X>, Axis>>;
                return fault;
            }
        } else {
            constexpr attributes a = detail::sliced(s, axis, Start, Stop, Step);
            if constexpr (a.count == 0) {
                if constexpr (detail::in_a_body<X>) {
                    return deferred<slice_out_of_range<shape_t<X>, Axis, Start, Stop, Step>>{};
                } else {
                    poison& fault = refused<slice_out_of_range<shape_t<X>, Axis, Start, Stop, Step>>;
                    return fault;
                }
            } else {
                using view = detail::attributes_constant<a>;
                if constexpr (detail::memory_operand<X>)
                    return detail::part_of_memory<view>(x, apply<view_op, view>(x));
                else return apply<view_op, view>(std::forward<X>(x));
            }
        }
    }
}

}  // namespace ashlar
