// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/place.hpp"
#include "ashlar/plan/node_memory.hpp"

namespace ashlar::detail {

/// `fusion` as a constant: what the first two passes decided about a large graph.
template <int Nodes> struct frozen_fusion {
    fixed<int, Nodes> root{}, panels{}, uses{}, host{}, leader{}, taker{}, placed{}, filled{};
};

/// Which nodes have memory of their own ("roots"), and which step computes each of them. `roots` and `hosts` decide it;
/// the passes after them ask.
template <class Graph> class fusion : public node_memory<Graph> {
    using memory = node_memory<Graph>;

public:
    using memory::g, memory::root, memory::panels, memory::facts;
    list<int> uses;    // of a node: how many read it, results included
    list<int> length;  // of a node: the instructions that make one element of it

    // One step computes all of sum<0>(relu(matmul(a, b))) * 2: the product is its leader, the sum, which takes the rows
    // as they are made, its taker.
    list<int> host;    // of a root: the step that computes it
    list<int> leader;  // of a step: the node that it was made for
    list<int> taker;   // of a step: the pool that takes a convolution's planes, the sum of rows or planes, or no_index

    // Of a graph with placements:
    list<int> placed;  // of a root: the placement whose window it is computed in, or no_index
    list<int> filled;  // of a placement: 1 if the windows of its chain fill the buffer

    constexpr explicit fusion(const Graph& graph) : memory{graph} {}

    /// A placement writes into the buffer of its base, unless somebody else wants to see that half done.
    constexpr bool continues_placement(int id) const {
        const int base = g.argument(id, 0);
        return memory::facts(base).is_placement() && uses.data[base] == 1;
    }
    constexpr bool is_placed(int x, int id) const {
        return placed.data[x] == id || (memory::facts(x).is_reshape && placed.data[g.argument(x, 0)] == id);
    }
    constexpr int placed_by(int id) const { return placed.empty() ? no_index : placed.data[id]; }

    /// The window of placement `id` in its buffer.
    constexpr access window_of(int id) const {
        const attributes& w = g.attributes_of(id);
        access window = memory::contiguous(id, g.shape_of(id));
        for (int i = 0; i < w.count / 4; ++i) {
            window.offset += w.value[4 * i + 1] * window.stride[i];
            window.stride[i] = w.value[4 * i + 3] == 1 ? 0 : window.stride[i] * w.value[4 * i + 2];
        }
        return window;
    }
    /// Where a node lies that is computed in the window of placement `id`, in its buffer; false if strides cannot say
    /// it, or if it would not be written in vectors.
    constexpr bool lies_in_window(int id, int x, access& there) const {
        const access window = window_of(id);
        const shape inside = window_shape(g.attributes_of(id));
        int inner = inside.rank - 1;
        while (inner > 0 && inside[inner] == 1) --inner;
        if (inner >= 0 && inside[inner] != 1 && window.stride[inner] != 1) return false;
        return inside.size() == g.shape_of(x).size() && lies_under(window, inside, g.shape_of(x), there);
    }

    template <int Nodes> constexpr frozen_fusion<Nodes> frozen() const {
        frozen_fusion<Nodes> f;
        f.root.take(root), f.panels.take(panels), f.uses.take(uses);
        f.host.take(host), f.leader.take(leader), f.taker.take(taker);
        f.placed.take(placed), f.filled.take(filled);
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
        if (decided.placed.count == 0) return;
        placed.assign(decided.placed.data, decided.placed.count);
        filled.assign(decided.filled.data, decided.filled.count);
    }

    /// Which argument of a sum is a product that only it reads: the first of two. Both are rounded once, as one op of
    /// the loop. That is decided by the graph alone, so that all programs that compute this sum get the same number.
    constexpr int product_in(int id) const {
        if (!g.nodes.data[id].op->takes_products || !is_floating(g.nodes.data[id].type)) return no_index;
        for (int i = 0; i < 2; ++i) {
            const int a = g.argument(id, i);
            if (g.nodes.data[a].op->is_product && uses.data[a] == 1 && root.data[a] == 0 &&
                g.nodes.data[a].type == g.nodes.data[id].type)
                return i;
        }
        return no_index;
    }

    /// Whether a pool may come before what it would take: maxima of nondecreasing functions are those of their
    /// arguments, where all else that these functions take is the same in a whole plane. A quarter of the work, or
    /// less.
    constexpr bool pools_first(int step) const {
        int id = g.argument(taker.data[step], 0);
        while (uses.data[id] == 1 && id != leader.data[step]) {
            if (!facts(id).is_elementwise || !g.nodes.data[id].op->nondecreasing) return false;
            int varying = no_index;
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
