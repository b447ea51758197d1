// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/expr/list.hpp"
#include "ashlar/plan/frozen.hpp"
#include "ashlar/tensor/error.hpp"

namespace ashlar::detail {

/// A node as memory: its root (or input), an offset and a stride for every axis, 0 where the extent is 1. In panels:
/// only a product may read it, the strides are those in a panel.
struct access {
    int root = 0;
    index offset = 0;
    index stride[max_rank] = {};
    bool in_panels = false;
};

/// Do the elements that lie at `from`, of shape `s`, lie under shape `to` by strides as well? Then `there` is where. Of
/// the rows 2 to 5 of a matrix of 8 columns each element of a 4 x 2 x 4 has its place; of its first 4 columns, of a
/// shape 8 x 2, too; but not of 2 x 16. From the last axis on: axes that one stride crosses are one run, which `to` may
/// cut.
constexpr bool lies_under(const access& from, const shape& s, const shape& to, access& there) {
    there = access{from.root, from.offset, {}};
    int axis = to.rank - 1;
    for (int d = s.rank - 1; d >= 0;) {
        index run = s[d], stride = from.stride[d];
        for (--d; d >= 0 && (s[d] == 1 || run == 1 || from.stride[d] == stride * run); --d)
            stride = run == 1 ? from.stride[d] : stride, run *= s[d];
        for (; run > 1; --axis) {
            if (axis < 0 || run % to[axis] != 0) return false;
            there.stride[axis] = to[axis] == 1 ? 0 : stride;
            stride *= to[axis], run /= to[axis];
        }
    }
    return true;
}

/// Extents of a matrix product, m x k by k x n, and how its operands lie.
struct product {
    index m = 1, n = 1, k = 1;
    bool transpose_a = false, transpose_b = false;
};

/// Which nodes of a graph have memory of their own, and where the others lie in it.
template <class Graph> class node_memory {
public:
    const Graph& g;
    list<int> root;    // 1 where the node has memory of its own
    list<int> panels;  // 1 where a reshape makes a matrix of panels

    constexpr const kind_facts& facts(int id) const { return g.nodes.data[id].op->facts; }
    constexpr bool is_leaf(int id) const { return facts(id).is_leaf(); }
    constexpr bool is_moved(int id) const {  // a view of something else, not copied
        return root.data[id] == 0 && facts(id).moves();
    }
    constexpr bool is_inline(int id) const { return root.data[id] == 0 && facts(id).is_elementwise; }

    /// Where a root, an input or a view of one lies.
    constexpr access access_of(int id) const {
        return root.data[id] != 0 || facts(id).is_input ? contiguous(id, g.shape_of(id)) : source_of(id);
    }

    /// Where a view or a reshape finds its elements, also if it is a root, which copies them.
    constexpr access source_of(int id) const {
        if (!facts(id).moves()) fatal("a node was asked where it lies too early");
        const shape& s = g.shape_of(id);
        const access from = access_of(g.argument(id, 0));
        if (facts(id).is_reshape) {
            access a = contiguous(from.root, s);
            a.offset = from.offset;
            if (panels.data[id] != 0) a.in_panels = true, a.stride[0] = from.stride[0];
            else if (is_moved(g.argument(id, 0))) lies_under(from, g.shape_of(g.argument(id, 0)), s, a);
            return a;
        }
        const attributes& v = g.attributes_of(id);
        access a{from.root, from.offset, {}, from.in_panels};
        for (int i = 0; i < s.rank; ++i) {
            const index stride = from.stride[v.value[4 * i]];
            a.offset += v.value[4 * i + 1] * stride;
            a.stride[i] = s[i] == 1 ? 0 : v.value[4 * i + 2] * stride;
        }
        return a;
    }

    /// Whether the last two axes can be read by a contraction, as rows or as columns.
    static constexpr bool is_matrix(const access& a, const shape& s) {
        if (s.rank < 2) return s.rank == 0 || s[0] == 1 || a.stride[0] == 1;
        const index row = a.stride[s.rank - 2], column = a.stride[s.rank - 1];
        return (column <= 1 && column >= 0 && row >= 0) || (row <= 1 && row >= 0 && column >= 0);
    }

    /// Whether there are no gaps, as windows need it.
    static constexpr bool is_dense(const access& a, const shape& s) {
        index stride = 1;
        for (int i = s.rank - 1; i >= 0; stride *= s[i--])
            if (s[i] != 1 && a.stride[i] != stride) return false;
        return true;
    }

    /// A contraction, its operands as they lie: one by columns is a transposed matrix.
    constexpr product product_of(int id) const {
        const attributes& t = g.attributes_of(id);
        const int na = g.argument(id, 0), nb = g.argument(id, 1);
        const shape &a = g.shape_of(na), &b = g.shape_of(nb);
        const bool ta = a.rank > 1 && t.value[0] != 0, tb = b.rank > 1 && t.value[1] != 0;
        const index rows_a = a.rank > 1 ? a[a.rank - 2] : 1, columns_a = a[a.rank - 1];
        const index n = b.rank > 1 ? (tb ? b[b.rank - 2] : b[b.rank - 1]) : 1;
        return {ta ? columns_a : rows_a, n, ta ? rows_a : columns_a, ta != lies_by_columns(na),
                tb != lies_by_columns(nb)};
    }
    constexpr bool lies_by_columns(int id) const {
        const shape& s = g.shape_of(id);
        return s.rank > 1 && s[s.rank - 1] != 1 && access_of(id).stride[s.rank - 1] != 1;
    }

protected:
    constexpr explicit node_memory(const Graph& graph) : g{graph} {}

    static constexpr access contiguous(int id, const shape& s) {
        access a{id, 0, {}};
        row_major(a.stride, s);
        return a;
    }
};

}  // namespace ashlar::detail
