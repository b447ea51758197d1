// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/plan/fusion.hpp"
#include "ashlar/plan/step.hpp"

namespace ashlar::detail {

/// Steps of `fusion` in the order in which they run, and of each the block of those that it goes through its rows with.
struct step_order {
    list<int> order, block;  // block: its number, or no_index
};

/// The order of the steps, and which of them go through their rows together: all for one row, then all for the next. So
/// what a softmax, its loss and its derivative, or the statistics and the result of a layer-norm, have to do with a row
/// is done while it is in the first cache. For arrays that are there anyway it would be more loops for nothing.
///   in   the graph; fusion
///   out  step_order
template <class Graph> class row_blocks {
public:
    static constexpr index least_row = 32;  // elements
    static constexpr int reach = 32;        // steps that are looked at for one block

    constexpr row_blocks(const fusion<Graph>& fused, step_order& to) : g_{fused.g}, fused_{fused}, to_{to} {}

    constexpr void find() {
        const int steps = fused_.leader.size();
        to_.block.resize(steps, no_index);
        bool any = false;
        for (int s = 0; s < steps; ++s) any = any || (is_large(s) && reduces(s));
        if (any) list_hosted();
        for (int s = 0; s < steps;) s = any && rows_of(s) > 0 ? grow(s) : (to_.order.push(s), s + 1);
    }

private:
    enum class role : unsigned char { none, member, after };

    const Graph& g_;
    const fusion<Graph>& fused_;
    step_order& to_;
    list<int> first_hosted_, next_hosted_, updates_, seen_;
    list<role> role_;
    int stamp_ = 0, blocks_ = 0;

    constexpr bool reduces(int s) const { return fused_.facts(fused_.leader.data[s]).reduces; }
    constexpr const shape& space(int s) const {
        return g_.shape_of(reduces(s) ? g_.argument(fused_.leader.data[s], 0) : fused_.leader.data[s]);
    }
    constexpr bool is_large(int s) const {
        const shape& all = space(s);
        return all.rank >= 2 && all.size() >= least_tiled_size && all.size() / all[0] >= least_row;
    }

    // How many rows a step goes through one by one, 0 if it does not. A batch of products has its matrices.
    constexpr index rows_of(int s) const {
        const int id = fused_.leader.data[s];
        if (fused_.facts(id).reads_matrices()) {
            if (!is_batch(id) || fused_.taker.data[s] >= 0) return 0;
        } else if (fused_.facts(id).reduces) {
            if ((static_cast<int>(g_.attributes_of(id).value[0]) & 1) != 0 ||
                g_.nodes.data[id].op->how >= reducer::argmax)
                return 0;
        } else if (!fused_.facts(id).is_elementwise) {
            return 0;
        }
        return space(s).rank >= 2 && updates_.data[s] == 0 ? space(s)[0] : 0;
    }

    // Each product is of two matrices of its own.
    constexpr bool is_batch(int id) const {
        const index products = g_.shape_of(id)[0];
        for (int i = 0; i < 2; ++i) {
            const int a = g_.argument(id, i);
            if (g_.shape_of(id).rank < 3 || g_.shape_of(a).rank != g_.shape_of(id).rank ||
                g_.shape_of(a)[0] != products || fused_.access_of(a).stride[0] == 0)
                return false;
        }
        return true;
    }

    constexpr void list_hosted() {
        const int nodes = g_.nodes.size(), steps = fused_.leader.size();
        first_hosted_.resize(steps, no_index), next_hosted_.resize(nodes, no_index);
        seen_.resize(nodes, no_index), updates_.zeros(steps), role_.resize(steps, role::none);
        for (int id = nodes - 1; id >= 0; --id)
            if (fused_.root.data[id] != 0)
                next_hosted_.data[id] = first_hosted_.data[fused_.host.data[id]],
                first_hosted_.data[fused_.host.data[id]] = id;
        for (const output& o : g_.outputs)
            if (o.updates >= 0) updates_.data[fused_.host.data[o.node]] = 1;
        // Nor do steps that write a part of a larger buffer.
        for (int id = 0; id < fused_.placed.size(); ++id)
            if (fused_.placed.data[id] >= 0) updates_.data[fused_.host.data[id]] = 1;
    }

    struct reading {
        bool members = false, after = false;  // something that they compute
        bool in_rows = true;                  // of members the row alone that is worked on
    };

    // The steps from s on as a block, if they make one; the number of the step to go on with.
    constexpr int grow(int s) {
        const index rows = rows_of(s);
        const int end = s + reach < fused_.leader.size() ? s + reach : fused_.leader.size();
        int members = 0, last = s;
        bool large = false, reduced = false;
        for (int j = s; j < end; ++j) {
            const reading r = read_by(j, rows);
            const bool joins = rows_of(j) == rows && !r.after && r.in_rows && (j == s || r.members || is_large(j));
            role_.data[j] = joins                                           ? role::member
                            : r.members || r.after || updates_.data[j] != 0 ? role::after
                                                                            : role::none;
            if (joins) ++members, last = j, large = large || is_large(j), reduced = reduced || reduces(j);
        }
        const bool is_block = members >= 2 && large && reduced;
        if (is_block) {
            for (const role now : {role::none, role::member, role::after})
                for (int j = s; j <= last; ++j)
                    if (role_.data[j] == now) {
                        to_.order.push(j);
                        if (now == role::member) to_.block.data[j] = blocks_;
                    }
            ++blocks_;
        } else {
            to_.order.push(s);
        }
        for (int j = s; j < end; ++j) role_.data[j] = role::none;
        return is_block ? last + 1 : s + 1;
    }

    constexpr reading read_by(int s, index rows) {
        reading r{};
        ++stamp_;
        const int leader = fused_.leader.data[s];
        // The argument of a reduction is computed in its space, everything else in that of the result.
        for (int id = first_hosted_.data[s]; id >= 0; id = next_hosted_.data[id])
            visit(r, id, reduces(s) && id == leader ? space(s).rank : g_.shape_of(id).rank, rows);
        return r;
    }
    constexpr void visit(reading& r, int id, int rank, index rows) {
        if (seen_.data[id] == stamp_) return;
        seen_.data[id] = stamp_;
        for (int i = 0; i < g_.nodes.data[id].count; ++i) {
            const int a = g_.argument(id, i);
            if (fused_.is_inline(a)) {
                visit(r, a, rank, rows);
            } else if (!fused_.is_leaf(a)) {
                const access from = fused_.access_of(a);
                if (!fused_.is_leaf(from.root)) see(r, from, g_.shape_of(a), rank, rows);
            }
        }
    }
    constexpr void see(reading& r, const access& from, const shape& s, int rank, index rows) const {
        const role by = role_.data[fused_.host.data[from.root]];
        r.after = r.after || by == role::after;
        if (by != role::member) return;
        r.members = true;
        const index row = g_.shape_of(from.root).size() / rows;
        index within = 0;
        for (int d = 1; d < s.rank; ++d) within += (s[d] - 1) * (from.stride[d] < 0 ? row : from.stride[d]);
        r.in_rows = r.in_rows && s.rank == rank && s.rank > 0 && s[0] == rows && from.offset == 0 &&
                    from.stride[0] == row && within < row;
    }
};

}  // namespace ashlar::detail
