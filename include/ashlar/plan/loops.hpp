// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/plan/frozen.hpp"

namespace ashlar::detail {

/// A loop computes in one element type. Floating numbers, int32 (which wraps at 32 bits) and int64 therefore have loops
/// of their own, as long as they are computed with: a loop of float32 would round whole numbers from 2^24 on, one of
/// int64 would not wrap. Truth values, constants that float32 holds, and what is only moved go anywhere.
template <class Graph> class loop_types {
public:
    static constexpr int floats = 1, words = 2, longs = 4;  // as bits: two of them are a conflict
    static constexpr bool conflict(int loops) { return (loops & (loops - 1)) != 0; }

    constexpr explicit loop_types(const Graph& graph) : g_{graph} {
        loops_.zeros(g_.nodes.size());
        for (const node& n : g_.nodes) has_whole_ = has_whole_ || (is_whole(n.type) && n.op->what != kind::constant);
    }

    /// The loops that a node is computed in, with all that is inline in it.
    constexpr int of(int id) const { return loops_.data[id]; }

    /// Gives memory to arguments that are computed in other loops than the node.
    constexpr void separate(int id, list<int>& root) {
        if (!has_whole_) return;
        const int own = own_loops(id);
        int all = own;
        for (int i = 0; i < g_.nodes.data[id].count; ++i)
            if (is_inline(g_.argument(id, i), root)) all |= loops_.data[g_.argument(id, i)];
        loops_.data[id] = !conflict(all) ? all : own != 0 ? own : all & -all;
        if (conflict(all))
            for (int i = 0; i < g_.nodes.data[id].count; ++i) detach(g_.argument(id, i), loops_.data[id], root);
    }

private:
    const Graph& g_;
    list<int> loops_;
    bool has_whole_ = false;

    static constexpr index exact_in_float32 = 1 << 24;

    constexpr kind what(int id) const { return g_.nodes.data[id].op->what; }
    constexpr dtype type(int id) const { return g_.nodes.data[id].type; }
    constexpr bool is_inline(int id, const list<int>& root) const {
        return root.data[id] == 0 && what(id) == kind::elementwise;
    }
    static constexpr int loops_for(dtype t) {
        return is_floating(t) ? floats : t == dtype::int64 ? longs : t == dtype::int32 ? words : 0;
    }

    constexpr void detach(int id, int loops, list<int>& root) {
        if (!is_inline(id, root) || (loops_.data[id] & ~loops) == 0) return;
        if ((own_loops(id) & ~loops) != 0) {
            root.data[id] = 1;
            return;
        }
        for (int i = 0; i < g_.nodes.data[id].count; ++i) detach(g_.argument(id, i), loops, root);
        loops_.data[id] = 0;
    }

    // What a node itself asks for, whatever its arguments are made of.
    constexpr int own_loops(int id) const {
        const node& n = g_.nodes.data[id];
        if (n.op->what == kind::reduction)
            return is_floating(n.type) ? floats : adds_whole(id) && !is_small_count(id) ? longs : 0;
        if (n.op->what == kind::place) return n.type == dtype::int32 ? 0 : loops_for(n.type);
        if (n.op->what != kind::elementwise) return 0;
        dtype widest = n.type;
        bool whole = false, few = false;
        for (int i = 0; i < n.count; ++i) {
            const int a = g_.argument(id, i);
            widest = promote(widest, type(a));
            whole = whole || (is_whole(type(a)) && !is_short_constant(a));
            few = few || is_small_range(a) || is_small_count(a);
        }
        if (is_floating(widest)) return floats;
        // Nothing that float32 rounds can meet a small number.
        if (n.type == dtype::boolean && few) return 0;
        return whole && n.op->evaluates && !n.op->same_value ? loops_for(widest) : 0;
    }
    constexpr bool adds_whole(int id) const {
        return type(id) == dtype::int64 && g_.nodes.data[id].op->how <= reducer::product;
    }
    constexpr bool is_short_constant(int id) const {
        const double v = g_.nodes.data[id].value, most = static_cast<double>(exact_in_float32);
        return what(id) == kind::constant && v >= -most && v <= most;
    }
    constexpr int moved(int id) const {
        while (g_.nodes.data[id].count == 1 && (what(id) == kind::view || what(id) == kind::reshape))
            id = g_.argument(id, 0);
        return id;
    }
    // Class indices.
    constexpr bool is_small_range(int id) const {
        return what(moved(id)) == kind::range && g_.shape_of(moved(id)).size() <= exact_in_float32;
    }
    // How many are true.
    constexpr bool is_small_count(int id) const {
        id = moved(id);
        return what(id) == kind::reduction && adds_whole(id) && type(g_.argument(id, 0)) == dtype::boolean &&
               g_.shape_of(g_.argument(id, 0)).size() <= exact_in_float32;
    }
};

}  // namespace ashlar::detail
