// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/plan/fusion.hpp"
#include "ashlar/plan/kind_rules.hpp"

namespace ashlar::detail {

/// Which step computes each root. One that is computed element by element from the result of a step, at the same index,
/// joins that step as a further store: relu(matmul(a, b)) is one step, also where the product itself is a result.
///   in   the graph; fusion: root, panels, uses, length
///   out  fusion: host, leader, taker
template <class Graph> class hosts {
public:
    static constexpr int body_limit = 60;  // instructions that a step has: with their loads, clang folds over 256

    constexpr explicit hosts(fusion<Graph>& f) : f_{f}, g_{f.g} {}

    constexpr void assign() {
        f_.host.resize(g_.nodes.size(), no_index);
        for (int id = 0; id < g_.nodes.size(); ++id) {
            if (f_.root.data[id] == 0) continue;
            const int step = taken_by(id);
            if (step >= 0) {
                f_.host.data[id] = step;
                f_.taker.data[step] = id;
                continue;
            }
            bool reads_steps = false;
            if (f_.facts(id).is_elementwise) {
                externals e{};
                gather(e, id, id);
                reads_steps = e.latest >= 0;
                if (reads_steps && hosted(e, id)) continue;
            }
            f_.host.data[id] = f_.leader.push(id);
            f_.taker.push(no_index);
            step_length_.push(f_.length.data[id]);
            precedes_.push(!reads_steps && is_short(id) ? movable : fixed);
        }
        if (moves_) reorder();
    }

    // ---- what kinds find the step with that takes them along -----------------------------------------------------

    constexpr const fusion<Graph>& fused() const { return f_; }

    /// What an element-wise node reads of other steps, to find the one that may compute it on the way: the last of
    /// them, as the others are done by then, if element i needs nothing but element i of it. x + 1 joins the step of x;
    /// x[1:] + 1 does not, nor does x + y join that of x where x is a row of y's extents.
    struct externals {
        int latest = no_index;  // the last step that something is read from
        bool aligned = true;    // everything read from that step is read at the index that is computed
        int count = 0;
        bool skips_movable = false;  // looks beside steps that may run before any other
    };

    /// All that is read to compute element-wise node `id` in the space of `space`.
    constexpr void gather(externals& e, int id, int space) const {
        for (int i = 0; i < g_.nodes.data[id].count; ++i) {
            const int a = g_.argument(id, i);
            if (f_.facts(a).is_constant) continue;
            if (f_.facts(a).is_input) note_read(e, no_index, true);
            else if (f_.is_inline(a)) gather(e, a, space);
            else if (f_.root.data[a] != 0)
                note_read(e, f_.host.data[a], g_.nodes.data[a].extent == g_.nodes.data[space].extent);
            else note_read(e, f_.host.data[f_.access_of(a).root], false);
        }
    }

    /// Whether the step made for node `first` can combine what it makes by reduction `id`.
    constexpr bool combines(int first, int id) const {
        return kinds<Graph>::combines(g_.nodes.data[first].op->what, f_, first, id);
    }

private:
    fusion<Graph>& f_;
    const Graph& g_;
    list<int> step_length_;  // its instructions
    // Of a step: fixed, or movable where it reads nothing but inputs and makes one row, so that it may run before any
    // other, or the step that it has been moved before.
    list<int> precedes_;
    static constexpr int fixed = -2, movable = -1;
    bool moves_ = false;

    // Whether a step takes node `id` along: the last one that it reads, or, where that may run first, the last of the
    // others. (A graph has the product first, which comes to a dropout, and then what the dropout's mask is made of.)
    constexpr bool hosted(externals e, int id) {
        if (!e.aligned || !can_host(e.latest, id)) {
            if (precedes_.data[e.latest] == fixed) return false;
            e = {.skips_movable = true};
            gather(e, id, id);
            if (e.latest < 0 || !e.aligned || !can_host(e.latest, id)) return false;
            move_before(e.latest, id);
        }
        f_.host.data[id] = e.latest;
        step_length_.data[e.latest] += f_.length.data[id];
        precedes_.data[e.latest] = fixed;
        return true;
    }
    constexpr bool is_short(int id) const {
        if (g_.shape_of(id).rank > 1 || !(f_.facts(id).is_elementwise || f_.facts(id).counts) || f_.placed_by(id) >= 0)
            return false;
        for (const output& o : g_.outputs)
            if (o.node == id) return false;
        return true;
    }
    // What node `id` reads of movable steps is there before step `first`.
    constexpr void move_before(int first, int id) {
        for (int i = 0; i < g_.nodes.data[id].count; ++i) {
            const int a = g_.argument(id, i);
            if (f_.is_leaf(a)) continue;
            if (f_.is_inline(a)) {
                move_before(first, a);
                continue;
            }
            const int step = f_.host.data[f_.root.data[a] != 0 ? a : f_.access_of(a).root];
            if (step <= first || (precedes_.data[step] >= 0 && precedes_.data[step] <= first)) continue;
            precedes_.data[step] = first;
            moves_ = true;
        }
    }
    // Numbers the steps anew: each comes after those that were moved before it.
    constexpr void reorder() {
        list<int> leader, taker, number, first_before, next_before;
        const int steps = f_.leader.size();
        number.resize(steps, no_index), first_before.resize(steps, no_index), next_before.resize(steps, no_index);
        for (int s = steps - 1; s >= 0; --s)
            if (const int p = precedes_.data[s]; p >= 0)
                next_before.data[s] = first_before.data[p], first_before.data[p] = s;
        const auto put = [&](int s) {
            number.data[s] = leader.push(f_.leader.data[s]);
            taker.push(f_.taker.data[s]);
        };
        for (int s = 0; s < steps; ++s) {
            if (precedes_.data[s] >= 0) continue;
            for (int m = first_before.data[s]; m >= 0; m = next_before.data[m]) put(m);
            put(s);
        }
        for (int& host : f_.host)
            if (host >= 0) host = number.data[host];
        f_.leader.assign(leader.data, steps);
        f_.taker.assign(taker.data, steps);
    }

    // One more operand is read, from `step` (no_index: an input).
    constexpr void note_read(externals& e, int step, bool aligned) const {
        ++e.count;
        if (e.skips_movable && step >= 0 && precedes_.data[step] != fixed) return;
        if (step > e.latest) e = {step, aligned, e.count, e.skips_movable};
        else if (step == e.latest) e.aligned = e.aligned && aligned;
    }

    // The step that takes kernel node `id` along: a convolution its pool, a product the sum of its rows.
    constexpr int taken_by(int id) const {
        return f_.facts(id).has_memory ? kinds<Graph>::taken_by(g_.nodes.data[id].op->what, *this, id) : no_index;
    }

    // The step computes an element of `id` where it has just computed what that is made of.
    constexpr bool can_host(int step, int id) const {
        if (precedes_.data[step] >= 0) return false;
        const int last = f_.taker.data[step];
        const bool behind_it = last >= 0 && g_.nodes.data[last].extent == g_.nodes.data[id].extent;
        const int first = behind_it ? last : f_.leader.data[step];
        const kind_facts& k = f_.facts(first);
        if (g_.nodes.data[first].extent != g_.nodes.data[id].extent ||
            step_length_.data[step] + f_.length.data[id] > body_limit)
            return false;
        if (k.reduces) return g_.nodes.data[first].op->how < reducer::argmax;
        return k.gives_elements || k.is_elementwise;
    }
};

}  // namespace ashlar::detail
