// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/expr/windows.hpp"
#include "ashlar/ops/expand.hpp"
#include "ashlar/ops/to.hpp"

// The kind of ops that combine the elements of windows which slide over images (batch, channels, [[depth,] height,]
// width).
namespace ashlar {

/// The windows of a node: what its attributes say, and the extents of its arguments.
constexpr windows windows_of(const attributes& a, const shape& first, const shape& second) {
    windows w = stated_by(a);
    w.batch = first[0], w.channels = w.features = first[1];
    if (w.is(sliding::output)) w.features = second[0];
    else if (w.is(sliding::weight)) w.features = second[1];
    else if (w.is(sliding::image)) w.channels = second[1] * w.groups;
    return w;
}

constexpr shape shape_of(const windows& w) {
    shape s{};
    const bool weight = w.is(sliding::weight), image = w.is(sliding::image) || w.is(sliding::pool_image);
    const auto extent = [=](const window_axis& axis) { return weight ? axis.taps : image ? axis.in : axis.out(); };
    s.extent[s.rank++] = weight ? w.features : w.batch;
    s.extent[s.rank++] = weight ? w.group_channels() : w.planes();
    if (w.dimensions == 3) s.extent[s.rank++] = extent(w.z);
    if (w.dimensions >= 2) s.extent[s.rank++] = extent(w.y);
    s.extent[s.rank++] = extent(w.x);
    return s;
}

/// An op of the kind says `name`, `what`, and `pullback(g, y, a, b)`, which gives the adjoints of its arguments.
struct window {
    template <class Attributes, class... S> using fault = void;

    static constexpr shape infer(const attributes& a, const shape& first, const shape& second = {}) {
        return shape_of(windows_of(a, first, second));
    }
    static constexpr dtype result_type(const attributes&, auto... x) {
        dtype all = dtype::float32;
        ((all = promote(all, x)), ...);
        return all;
    }

    template <class Op> static constexpr void pull_back(graph& graph, int y, int g, int* to) {
        const value a{&graph, graph.argument(y, 0)}, b{&graph, graph.argument(y, graph.nodes[y].count - 1)};
        const adjoints all = Op::pullback(expand_value({&graph, g}, graph.shape_of(y)), value{&graph, y}, a, b);
        to[0] = all.of[0].id, to[1] = all.of[1].id;
    }
    // Kernels read the arguments as one type.
    template <class Op, int Count> static constexpr int simplify(graph& graph, const int* x, const attributes& a) {
        const dtype first = graph.type_of(x[0]), second = graph.type_of(x[Count - 1]),
                    type = result_type(a, first, second);
        if (are_same(first, type) && are_same(second, type)) return no_index;
        const value p = detail::to_type<value_for<Op>>({&graph, x[0]}, type);
        if constexpr (Count == 1) return apply_values<Op>(a, p).id;
        else return apply_values<Op>(a, p, detail::to_type<value_for<Op>>({&graph, x[1]}, type)).id;
    }
    template <class Op> static consteval op_record describe() {
        return {.name = Op::name,
                .id = hash_type<Op>(),
                .what = kind::window,
                .cost = 2,
                .differentiable = true,
                .simplifies = true,
                .pullback = &pull_back<Op>,
                .simplify = &simplify < Op,
                Op::what == sliding::pool ? 1 : 2 > };
    }

    /// Another op over the windows of node y.
    template <class Op, class... X> static constexpr value along(value y, const X&... x) {
        attributes a = y.attribute();
        a.value[0] = static_cast<index>(Op::what);
        return apply_values<Op>(a, x...);
    }
};

}  // namespace ashlar
