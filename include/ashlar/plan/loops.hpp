// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/plan/frozen.hpp"

namespace ashlar::detail {

/// A loop computes in one element type. Floating numbers, int32 (which wraps at 32 bits) and int64 therefore have loops
/// of their own, as long as they are computed with: a loop of float32 would round whole numbers from 2^24 on, one of
/// int64 would not wrap. Truth values, constants that float32 holds, and what is only moved go anywhere.
template <class Graph> class loop_types {
public:
    // Loops that a node must not be computed in, as bits: where all three come together is a conflict.
    static constexpr int no_floats = 1, no_words = 2, no_longs = 4;
    static constexpr bool conflict(int loops) { return loops == (no_floats | no_words | no_longs); }

    constexpr explicit loop_types(const Graph& graph) : g_{graph} {}

    constexpr void begin() {
        loops_.zeros(g_.nodes.size());
        for (const node& n : g_.nodes) has_whole_ = has_whole_ || (is_whole(n.type) && !n.op->facts.is_constant);
    }

    /// What a root asks for, with all that is inline in it. Its memory holds whole numbers, also those that only move.
    constexpr int of(int id) const {
        const bool moves = has_whole_ && facts(id).is_elementwise && g_.nodes.data[id].op->same_value;
        return loops_.data[id] | (moves ? loops_that_hold(type(id)) : 0);
    }

    /// Gives memory to arguments that cannot be computed in the loops of the node.
    constexpr void separate(int id, list<int>& root) {
        if (!has_whole_) return;
        int loops = own_loops(id);
        for (int i = 0; i < g_.nodes.data[id].count; ++i) join(g_.argument(id, i), loops, root);
        loops_.data[id] = loops;
    }

private:
    const Graph& g_;
    list<int> loops_;
    bool has_whole_ = false;

    static constexpr index exact_in_float32 = 1 << 24;

    constexpr const kind_facts& facts(int id) const { return g_.nodes.data[id].op->facts; }
    constexpr dtype type(int id) const { return g_.nodes.data[id].type; }
    constexpr bool is_inline(int id, const list<int>& root) const {
        return root.data[id] == 0 && facts(id).is_elementwise;
    }
    // Those in which numbers of a type are computed with, and those that have room for them.
    static constexpr int loops_for(dtype t) {
        return is_floating(t) ? no_words | no_longs : t == dtype::int32 ? no_floats | no_longs : loops_that_hold(t);
    }
    static constexpr int loops_that_hold(dtype t) {
        return t == dtype::int64 ? no_floats | no_words : t == dtype::int32 ? no_floats : 0;
    }

    // Node `id` inside of others that ask for `loops`. Where it does not fit, it or what it is made of gets memory.
    constexpr void join(int id, int& loops, list<int>& root) {
        if (!is_inline(id, root)) return;
        if (conflict(loops | loops_.data[id])) {
            const int own = own_loops(id);
            if (conflict(loops | own)) {
                root.data[id] = 1;
                return;
            }
            loops |= own, loops_.data[id] = own;
            for (int i = 0; i < g_.nodes.data[id].count; ++i) {
                join(g_.argument(id, i), loops, root);
                if (is_inline(g_.argument(id, i), root)) loops_.data[id] |= loops_.data[g_.argument(id, i)];
            }
        }
        loops |= loops_.data[id];
    }

    // What a node itself asks for, whatever its arguments are made of.
    constexpr int own_loops(int id) const {
        const node& n = g_.nodes.data[id];
        if (n.op->facts.reduces) return loops_of_reduction(id);
        if (n.op->facts.reads == reading::window) return n.type == dtype::int32 ? 0 : loops_for(n.type);
        if (!n.op->facts.is_elementwise) return 0;
        dtype widest = n.type;
        bool whole = false, few = false;
        for (int i = 0; i < n.count; ++i) {
            const int a = g_.argument(id, i);
            widest = promote(widest, type(a));
            whole = whole || (is_whole(type(a)) && !is_short_constant(a));
            few = few || is_small_range(a) || is_small_count(a);
        }
        if (is_floating(widest)) return loops_for(widest);
        if (!whole || !n.op->evaluates || n.op->same_value) return 0;
        // Nothing that float32 rounds can meet a small number; but int64 is not read in a loop of int32.
        if (n.type == dtype::boolean && few) return widest == dtype::int64 ? no_words : 0;
        // What is compared, and computed no further, may be int64 as well.
        return n.type == dtype::boolean ? loops_that_hold(widest) : loops_for(widest);
    }
    // A sum of whole numbers is int64 from the first one on. The largest of them would be rounded by float32.
    constexpr int loops_of_reduction(int id) const {
        if (is_floating(type(id))) return loops_for(type(id));
        if (is_small_count(id)) return no_words;
        if (adds_whole(id)) return loops_for(dtype::int64);
        if (g_.nodes.data[id].op->how >= reducer::argmax || type(g_.argument(id, 0)) == dtype::boolean) return 0;
        return loops_that_hold(type(id));
    }
    constexpr bool adds_whole(int id) const {
        return type(id) == dtype::int64 && g_.nodes.data[id].op->how <= reducer::product;
    }
    constexpr bool is_short_constant(int id) const {
        const double v = g_.nodes.data[id].value, most = static_cast<double>(exact_in_float32);
        return facts(id).is_constant && v >= -most && v <= most;
    }
    constexpr int moved(int id) const {
        while (g_.nodes.data[id].count == 1 && facts(id).moves())
            id = g_.argument(id, 0);
        return id;
    }
    // Class indices.
    constexpr bool is_small_range(int id) const {
        return facts(moved(id)).counts && g_.shape_of(moved(id)).size() <= exact_in_float32;
    }
    // How many are true.
    constexpr bool is_small_count(int id) const {
        id = moved(id);
        return facts(id).reduces && adds_whole(id) && type(g_.argument(id, 0)) == dtype::boolean &&
               g_.shape_of(g_.argument(id, 0)).size() <= exact_in_float32;
    }
};

}  // namespace ashlar::detail
