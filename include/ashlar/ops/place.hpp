// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/expand.hpp"

namespace ashlar {

namespace detail {

/// One axis of a window: `extent` indices from `start` on.
struct window_axis_range {
    index start = 0, step = 1, extent = 1;
    constexpr index last() const { return start + step * (extent - 1); }
};
constexpr window_axis_range window_axis_of(const attributes& a, int i) {
    return {a.value[4 * i + 1], a.value[4 * i + 2], a.value[4 * i + 3]};
}

constexpr index common_divisor(index a, index b) {
    while (b != 0) {
        const index rest = a % b;
        a = b, b = rest;
    }
    return a < 0 ? -a : a;
}

/// No index in common: one ends before the other begins, or they take turns, as 0, 2, 4 and 1, 3, 5 do.
constexpr bool are_apart(const window_axis_range& a, const window_axis_range& b) {
    const index first_a = a.step < 0 ? a.last() : a.start, last_a = a.step < 0 ? a.start : a.last();
    const index first_b = b.step < 0 ? b.last() : b.start, last_b = b.step < 0 ? b.start : b.last();
    if (last_a < first_b || last_b < first_a) return true;
    const index steps = common_divisor(a.extent == 1 ? 0 : a.step, b.extent == 1 ? 0 : b.step);
    return steps > 1 && (a.start - b.start) % steps != 0;
}
constexpr shape window_shape(const attributes& a) {
    shape s{};
    s.rank = a.count / 4;
    for (int i = 0; i < s.rank; ++i) s.extent[i] = a.value[4 * i + 3];
    return s;
}
/// Whether two windows of one shape have no element in common.
constexpr bool windows_are_apart(const attributes& a, const attributes& b) {
    for (int i = 0; i < a.count / 4; ++i)
        if (are_apart(window_axis_of(a, i), window_axis_of(b, i))) return true;
    return false;
}

/// The sum of two values that are written into zeros is one buffer with all parts of both, where these are apart: the
/// gradient through the halves of a tensor. no_index where they are not.
constexpr int join_placements(graph& g, int a, int b) {
    const auto is_placement = [&g](int id) { return g.nodes[id].op->facts.is_placement(); };
    if (!is_placement(a) || !is_placement(b) || g.nodes[a].extent != g.nodes[b].extent ||
        !are_same(g.type_of(a), g.type_of(b)))
        return no_index;
    list<int> parts;  // of b, the last one first
    int from = b;
    for (; is_placement(from); from = g.argument(from, 0)) parts.push(from);
    if (!g.is_constant(from, 0)) return no_index;
    for (from = a; is_placement(from); from = g.argument(from, 0))
        for (int part : parts)
            if (!windows_are_apart(g.attributes_of(from), g.attributes_of(part))) return no_index;
    if (!g.is_constant(from, 0)) return no_index;
    for (int i = parts.size() - 1; i >= 0; --i) {
        const node part = g.nodes[parts[i]];
        const int to[] = {a, g.argument(parts[i], 1)};
        const shape whole = g.shapes[part.extent];
        const attributes window = g.attribute_sets[part.attribute];
        a = g.make(*part.op, to, 2, whole, part.type, window);
    }
    return a;
}

}  // namespace detail

/// Writes x into a window of base: what concat, pad and the derivative of slice are made of.
/// Value: base outside of the window, x inside. Derivative: g with the window at 0 to base, the window of g to x.
struct place_op {
    static constexpr const char* name = "place";
    template <class Attributes, class... S> using fault = void;
    // Attributes: for every axis the extent of the result, then start, step and extent of the window.
    static constexpr shape infer(const attributes& a, const shape&, const shape&) {
        shape s{};
        s.rank = a.count / 4;
        for (int i = 0; i < s.rank; ++i) s.extent[i] = a.value[4 * i];
        return s;
    }
    static constexpr dtype result_type(const attributes&, dtype base, dtype x) { return promote(base, x); }
    template <class Op> static consteval op_record describe() {
        return {.name = name,
                .id = hash_type<Op>(),
                .what = kind::place,
                .cost = 0,
                .differentiable = true,
                .pullback = &Op::template pull_back<value_for<Op>>};
    }
    template <class V> static constexpr void pull_back(graph& graph, int y, int g, int* to);  // view.hpp has it
};

}  // namespace ashlar
