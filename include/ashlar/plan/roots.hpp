// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/kernels/gemm.hpp"
#include "ashlar/plan/fusion.hpp"

namespace ashlar::detail {

/// Which nodes get memory of their own.
///   in   the graph
///   out  fusion: root, panels, uses, length
/// Roots are contractions, windows, reductions, ranges, placements, results, whatever those read, and element-wise
/// nodes that are read more than once and cost more to recompute than to store.
template <class Graph> class roots {
public:
    static constexpr int recompute_limit = 8;  // flops an element
    static constexpr int broadcast_limit = 4;  // flops of what is repeated along an expanded axis
    static constexpr int group_limit = 28;     // instructions that make one element
    // Random bits are beside any other weight: a few readers draw them again, which takes no memory, but they are drawn
    // once for all of a broadcast axis.
    static constexpr int random_weight = 1 << 16, most_draws = 4;

    constexpr explicit roots(fusion<Graph>& f) : f_{f}, g_{f.g} {}

    constexpr void find() {
        const int n = g_.nodes.size();
        f_.root.zeros(n), f_.panels.zeros(n), f_.uses.zeros(n), f_.length.zeros(n);
        weight_.zeros(n), reads_.zeros(n);
        mark_demanded();
        mark_held();
        mark_copied();
        mark_expensive();
    }

private:
    fusion<Graph>& f_;
    const Graph& g_;
    list<int> weight_, reads_;
    list<int> first_read_, next_read_, reader_, argument_;  // of every node, if there may be panels

    constexpr void demand(int id) {
        if (f_.facts(id).moves()) demand(g_.argument(id, 0));
        else if (!f_.is_leaf(id)) f_.root.data[id] = 1;
    }
    // What a kernel reads through a pointer.
    constexpr void demand_operand(int id) {
        demand(id);
        if (f_.facts(id).is_constant) f_.root.data[id] = 1;
    }

    // What has to be memory by its kind and that of its readers. Nothing here asks where anything lies: that is known
    // when all of this is done, however far down the graph the reader is that demands it.
    constexpr void mark_demanded() {
        for (const output& o : g_.outputs) {
            f_.root.data[o.node] = 1;
            ++f_.uses.data[o.node];
        }
        for (int id = 0; id < g_.nodes.size(); ++id) {
            const node& n = g_.nodes.data[id];
            for (int i = 0; i < n.count; ++i) ++f_.uses.data[g_.argument(id, i)];
            if (n.op->facts.has_memory) f_.root.data[id] = 1;
            switch (n.op->facts.reads) {
                case reading::matrices:
                case reading::strided:
                case reading::dense:
                    for (int i = 0; i < n.count; ++i) demand_operand(g_.argument(id, i));
                    break;
                case reading::window:
                case reading::source: demand(g_.argument(id, 0)); break;
                default: break;
            }
        }
    }

    // What is held goes to an update or, in programs without one, into memory. Where others read it too, they find the
    // same in both: they read memory.
    constexpr void mark_held() {
        for (int id = 0; id < g_.nodes.size(); ++id)
            if (g_.nodes.data[id].op->rounds_only && f_.uses.data[g_.argument(id, 0)] > 1) demand(g_.argument(id, 0));
    }

    // Views that do not lie as their readers need them, from the first node to the last: a view lies in what it views.
    constexpr void mark_copied() {
        for (int id = 0; id < g_.nodes.size(); ++id) {
            const kind_facts& facts = f_.facts(id);
            if (facts.is_reshape && f_.is_moved(g_.argument(id, 0)) && !mark_panels(id) && !lies_reshaped(id))
                f_.root.data[g_.argument(id, 0)] = 1;
            const bool dense = facts.reads_dense() || facts.base_operand >= 0;
            if (!facts.reads_matrices() && !dense) continue;
            for (int i = facts.base_operand < 0 ? 0 : facts.base_operand; i < g_.nodes.data[id].count; ++i) {
                const int a = g_.argument(id, i);
                if (!f_.is_moved(a)) continue;
                const access at = f_.access_of(a);
                const shape& s = g_.shape_of(a);
                f_.root.data[a] = (dense ? f_.is_dense(at, s) : f_.is_matrix(at, s)) ? 0 : 1;
            }
        }
    }
    constexpr bool lies_reshaped(int id) const {
        const int from = g_.argument(id, 0);
        access there{};
        return lies_under(f_.access_of(from), g_.shape_of(from), g_.shape_of(id), there);
    }

    // A matrix that lies in panels, which is what reshape `id` makes of an input with that
    // layout: if products alone read it, they do so where it lies.
    constexpr bool mark_panels(int id) {
        const int exchanged = g_.argument(id, 0), panels = g_.argument(exchanged, 0);
        // (Bodies may join the exchanged axes otherwise: a weight read as one row is copied.)
        const shape &all = g_.shape_of(panels), &matrix = g_.shape_of(id);
        if (!lies_in_panels(panels) || f_.uses.data[exchanged] != 1 || matrix.rank != 2 || matrix[0] != all[1] ||
            matrix[1] != all[0] * all[2])
            return false;
        if (first_read_.size() == 0) link_reads();
        f_.panels.data[id] = 1;  // for access_of, which the question asks
        f_.panels.data[id] = is_read_by_products(id, g_.shape_of(id)[0]) ? 1 : 0;
        return f_.panels.data[id] != 0;
    }
    constexpr bool lies_in_panels(int id) const {
        return f_.facts(id).is_input &&
               g_.inputs.data[static_cast<int>(g_.nodes.data[id].value)].lies == layout::panels;
    }
    constexpr void link_reads() {
        first_read_.resize(g_.nodes.size(), no_index);
        for (int n = 0; n < g_.nodes.size(); ++n)
            for (int i = 0; i < g_.nodes.data[n].count; ++i) {
                const int at = reader_.push(n), id = g_.argument(n, i);
                argument_.push(i), next_read_.push(first_read_.data[id]), first_read_.data[id] = at;
            }
    }
    // Only as right operands that are not transposed, all k rows from the first column on.
    constexpr bool is_read_by_products(int id, index k) const {
        for (const output& o : g_.outputs)
            if (o.node == id) return false;
        for (int r = first_read_.data[id]; r >= 0; r = next_read_.data[r])
            if (!may_read_panels(reader_.data[r], argument_.data[r], k)) return false;
        return true;
    }
    constexpr bool may_read_panels(int id, int argument, index k) const {
        if (f_.facts(id).is_view) return has_all_rows(id, k) && is_read_by_products(id, k);
        return f_.facts(id).reads_matrices() && argument == 1 && takes_plain(id, k);
    }
    constexpr bool has_all_rows(int id, index k) const {
        const access a = f_.access_of(id);
        const int rows = a.stride[0] == 1 ? 1 : 0;
        return g_.shape_of(id).rank == 2 && a.offset == 0 && a.stride[1 - rows] == 1 && a.stride[rows] > 1 &&
               g_.shape_of(id)[rows] == k;
    }
    constexpr bool takes_plain(int id, index k) const {
        const int b = g_.argument(id, 1);
        const shape& s = g_.shape_of(b);
        const int rows = g_.attributes_of(id).value[1] != 0 ? 1 : 0;  // the axis of terms
        return s.rank == 2 && (rows != 0) == f_.lies_by_columns(b) && s[rows] == k && s[1 - rows] > 1;
    }

    // What is cheaper to keep than to compute again.
    constexpr void mark_expensive() {
        for (int id = 0; id < g_.nodes.size(); ++id) {
            const node& n = g_.nodes.data[id];
            if (!n.op->facts.is_elementwise && !n.op->facts.reduces) continue;
            const index size = g_.shape_of(n.op->facts.reduces ? g_.argument(id, 0) : id).size();
            int weight = n.op->cost, length = 1, reads = 0;
            for (int i = 0; i < n.count; ++i) {
                const int a = g_.argument(id, i);
                if (!f_.is_inline(a)) {
                    reads += g_.nodes.data[a].extent == n.extent && !f_.facts(a).is_constant ? 1 : 0;
                    continue;
                }
                if (weight_.data[a] > broadcast_limit && g_.shape_of(a).size() < size) f_.root.data[a] = 1;
                else if (f_.length.data[a] + length > group_limit) keep(a, f_.product_in(id) == i);
                if (f_.is_inline(a)) weight += weight_.data[a], length += f_.length.data[a], reads += reads_.data[a];
            }
            if (n.op->is_random) weight = random_weight, reads = 0;
            weight_.data[id] = weight;
            f_.length.data[id] = length;
            reads_.data[id] = reads;
            // Read again it costs a load, computed again all of it. What is made from a product alone takes its place.
            if (n.op->facts.is_elementwise && f_.uses.data[id] > 1 &&
                (weight % random_weight > recompute_limit || reads > 1 || replaces_a_product(id) ||
                 (weight >= random_weight && f_.uses.data[id] > most_draws)))
                f_.root.data[id] = 1;
        }
    }

    // Ends a loop that would be too long: a has memory of its own, or, as a product
    // is rounded in the same way wherever a loop ends, what it multiplies has.
    constexpr void keep(int a, bool product) {
        if (!product) {
            f_.root.data[a] = 1;
            return;
        }
        weight_.data[a] = g_.nodes.data[a].op->cost, f_.length.data[a] = 1, reads_.data[a] = 0;
        for (int i = 0; i < 2; ++i) {
            const int factor = g_.argument(a, i);
            if (f_.is_inline(factor)) f_.root.data[factor] = 1;
            reads_.data[a] += g_.nodes.data[factor].extent == g_.nodes.data[a].extent ? 1 : 0;
        }
    }

    constexpr bool replaces_a_product(int id) const {
        for (int i = 0; i < g_.nodes.data[id].count; ++i) {
            const int a = g_.argument(id, i);
            if (f_.facts(a).gives_elements && f_.uses.data[a] == 1 &&
                g_.nodes.data[a].extent == g_.nodes.data[id].extent)
                return true;
        }
        return false;
    }
};

}  // namespace ashlar::detail
