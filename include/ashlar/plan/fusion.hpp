// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/plan/loops.hpp"
#include "ashlar/plan/node_memory.hpp"

namespace ashlar::detail {

/// `fusion` as a constant: what the first two passes decided about a large graph.
template <int Nodes> struct frozen_fusion {
    fixed<int, Nodes> root{}, panels{}, uses{}, host{}, leader{}, taker{};
};

/// Which nodes have memory of their own ("roots"), and which step computes each of them. `roots` and `hosts` decide it;
/// the passes after them ask.
template <class Graph> class fusion : public node_memory<Graph> {
    using memory = node_memory<Graph>;

public:
    using memory::g, memory::root, memory::panels, memory::facts;
    list<int> uses;           // of a node: how many read it, results included
    list<int> length;         // of a node: the instructions that make one element of it
    loop_types<Graph> loops;  // of a node: in which element types it may be computed

    // One step computes all of sum<0>(relu(matmul(a, b))) * 2: the product is its leader, the sum, which takes the rows
    // as they are made, its taker.
    list<int> host;    // of a root: the step that computes it
    list<int> leader;  // of a step: the node that it was made for
    list<int> taker;   // of a step: the pool that takes a convolution's planes, the sum of rows or planes, or -1

    constexpr explicit fusion(const Graph& graph) : memory{graph}, loops{graph} {}

    template <int Nodes> constexpr frozen_fusion<Nodes> frozen() const {
        frozen_fusion<Nodes> f;
        f.root.take(root), f.panels.take(panels), f.uses.take(uses);
        f.host.take(host), f.leader.take(leader), f.taker.take(taker);
        return f;
    }
    /// What was decided before, of the same graph.
    template <int Nodes> constexpr void take(const frozen_fusion<Nodes>& decided) {
        root.assign(decided.root.data, decided.root.count);
        panels.assign(decided.panels.data, decided.panels.count);
        uses.assign(decided.uses.data, decided.uses.count);
        host.assign(decided.host.data, decided.host.count);
        leader.assign(decided.leader.data, decided.leader.count);
        taker.assign(decided.taker.data, decided.taker.count);
    }

    /// Which argument of a sum is a product that only it reads: the first of two. Both are rounded once, as one op of
    /// the loop. That is decided by the graph alone, so that all programs that compute this sum get the same number.
    /// -1: none.
    constexpr int product_in(int id) const {
        if (!g.nodes.data[id].op->takes_products || !is_floating(g.nodes.data[id].type)) return absent;
        for (int i = 0; i < 2; ++i) {
            const int a = g.argument(id, i);
            if (g.nodes.data[a].op->is_product && uses.data[a] == 1 && root.data[a] == 0 &&
                g.nodes.data[a].type == g.nodes.data[id].type)
                return i;
        }
        return absent;
    }

    constexpr bool last_reader_is(int id, int reader) const {
        for (const output& o : g.outputs)
            if (o.node == id) return false;
        for (int n = id + 1; n < g.nodes.size(); ++n)
            for (int i = 0; i < g.nodes.data[n].count; ++i)
                if (g.argument(n, i) == id && n != reader) return false;
        return true;
    }

    /// Whether a pool may come before what it would take: maxima of nondecreasing functions are those of their arguments,
    /// where all else that these functions take is the same in a whole plane. A quarter of the work, or less.
    constexpr bool pools_first(int step) const {
        int id = g.argument(taker.data[step], 0);
        while (uses.data[id] == 1 && id != leader.data[step]) {
            if (!facts(id).is_elementwise || !g.nodes.data[id].op->nondecreasing) return false;
            int varying = absent;
            for (int i = 0; i < g.nodes.data[id].count; ++i) {
                const int a = g.argument(id, i);
                if (g.nodes.data[a].extent == g.nodes.data[id].extent && varying < 0) varying = a;
                else if (!is_same_in_planes(a, static_cast<int>(g.attributes_of(taker.data[step]).value[1])))
                    return false;
            }
            if (varying < 0) return false;
            id = varying;
        }
        return uses.data[id] == 1;
    }

private:
    constexpr bool is_same_in_planes(int id, int axes) const {
        const shape& s = g.shape_of(id);
        for (int i = s.rank - axes; i < s.rank; ++i)
            if (i >= 0 && s[i] != 1) return false;
        return true;
    }
};

}  // namespace ashlar::detail
