// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/sum.hpp"
#include "ashlar/ops/to.hpp"
#include "ashlar/ops/view.hpp"

namespace ashlar {

namespace detail {

struct matrix {
    index rows = 1, columns = 1;
};

// How a contraction sees an operand: a vector is a row at the left, a column at the right.
constexpr matrix matrix_of(const shape& s, bool transposed, bool left) {
    if (s.rank == 0) return {};
    if (s.rank == 1) return left ? matrix{1, s[0]} : matrix{s[0], 1};
    return transposed ? matrix{s[s.rank - 1], s[s.rank - 2]} : matrix{s[s.rank - 2], s[s.rank - 1]};
}

constexpr shape batch_of(const shape& s) {
    shape b{};
    b.rank = s.rank > 2 ? s.rank - 2 : 0;
    for (int i = 0; i < b.rank; ++i) b.extent[i] = s[i];
    return b;
}

template <class A, class B>
inline constexpr bool matmul_compatible =
    A::rank > 0 && B::rank > 0 &&
    matrix_of(A::value, false, true).columns ==
        matrix_of(B::value, false, false).rows&& broadcast(batch_of(A::value), batch_of(B::value)).ok;

}  // namespace detail

/// The kind of ops that sum products over a common axis. Attributes: whether a and b are stored transposed.
struct contraction_op {
    static constexpr const char* name = "matmul";
    template <class Attributes, class A, class B>
    using fault = std::conditional_t<detail::matmul_compatible<A, B>, void, matmul_inner_dimensions_differ<A, B>>;

    static constexpr shape infer(const attributes& t, const shape& a, const shape& b) {
        shape s = broadcast(detail::batch_of(a), detail::batch_of(b)).value;
        if (a.rank > 1) s.extent[s.rank++] = detail::matrix_of(a, t.value[0] != 0, true).rows;
        if (b.rank > 1) s.extent[s.rank++] = detail::matrix_of(b, t.value[1] != 0, false).columns;
        return s;
    }
    static constexpr dtype result_type(const attributes&, dtype a, dtype b) {
        return promote(promote(a, b), dtype::int32);
    }
    template <class Op> static consteval op_record describe() {
        return {.name = name,
                .id = hash_type<Op>(),
                .what = kind::contraction,
                .cost = 2,
                .differentiable = true,
                .simplifies = true,
                .pullback = &pull_back<value_for<Op>>,
                .simplify = &simplify<value_for<Op>>};
    }
    template <class V> static constexpr void pull_back(graph& graph, int y, int g, int* to);
    template <class V> static constexpr int simplify(graph& graph, const int* x, const attributes& a);
};

/// The product of values, either of them taken as transposed.
constexpr value contract(auto a, bool transpose_a, auto b, bool transpose_b) {
    return apply_values<contraction_op>(attributes{2, {transpose_a ? 1 : 0, transpose_b ? 1 : 0}}, a, b);
}

namespace detail {

// A vector as a matrix of one column.
constexpr value as_column(auto x) {
    shape s{};
    s.rank = 2;
    s.extent[0] = x.extents()[0];
    return reshape_value(x, s);
}

// All rows of a batch of matrices as one matrix.
constexpr value as_rows(auto x) {
    const shape& s = x.extents();
    const index columns = s[s.rank - 1];
    return reshape_value(x, {2, {s.size() / columns, columns}});
}

constexpr adjoints pull_back_contraction(auto g, auto a, bool ta, auto b, bool tb) {
    const int ra = a.extents().rank, rb = b.extents().rank;
    // One matrix for a batch: its gradient is one product over all rows, not one for each of the batch and their sum.
    if (ra > 2 && rb == 2 && !ta)
        return {{contract(g, false, b, !tb),
                 tb ? contract(as_rows(g), true, as_rows(a), false) : contract(as_rows(a), true, as_rows(g), false)}};
    if (ra == 1 && rb == 1) return {{g * b, g * a}};
    if (ra == 1)
        return {{tb ? contract(g, false, b, false) : contract(b, false, g, false),
                 tb ? as_column(g) * a : as_column(a) * g}};
    if (rb == 1)
        return {{ta ? as_column(b) * g : as_column(g) * b,
                 ta ? contract(a, false, g, false) : contract(g, false, a, false)}};
    return {{ta ? contract(b, tb, g, true) : contract(g, false, b, !tb),
             tb ? contract(g, true, a, ta) : contract(a, !ta, g, false)}};
}

}  // namespace detail

template <class V> constexpr void contraction_op::pull_back(graph& graph, int y, int g, int* to) {
    const attributes t = graph.attributes_of(y);
    const V a{&graph, graph.argument(y, 0)}, b{&graph, graph.argument(y, 1)};
    const V full = expand_value({&graph, g}, graph.shape_of(y));
    const adjoints all = detail::pull_back_contraction(full, a, t.value[0] != 0, b, t.value[1] != 0);
    to[0] = detail::sum_to(all.of[0], all.of[0].extents(), a.extents()).id;
    to[1] = detail::sum_to(all.of[1], all.of[1].extents(), b.extents()).id;
}

template <class V> constexpr int contraction_op::simplify(graph& graph, const int* x, const attributes& t) {
    // Kernels read both operands as one type.
    const dtype type = result_type(t, graph.type_of(x[0]), graph.type_of(x[1]));
    if (!are_same(graph.type_of(x[0]), type) || !are_same(graph.type_of(x[1]), type))
        return contract(detail::to_type<V>({&graph, x[0]}, type), t.value[0] != 0,
                        detail::to_type<V>({&graph, x[1]}, type), t.value[1] != 0)
            .id;
    // A transpose of an operand is a flag.
    for (int i = 0; i < 2; ++i) {
        if (!graph.is(x[i], record<dependent<view_op, V>>)) continue;
        const V inner{&graph, graph.argument(x[i], 0)}, other{&graph, x[1 - i]};
        if (!is_transposition(graph.attributes_of(x[i]), inner.extents())) continue;
        const bool flip = t.value[i] == 0, keep = t.value[1 - i] != 0;
        return i == 0 ? contract(inner, flip, other, keep).id : contract(other, keep, inner, flip).id;
    }
    return no_index;
}

}  // namespace ashlar
