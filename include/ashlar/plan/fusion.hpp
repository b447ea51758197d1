// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/kernels/gemm.hpp"
#include "ashlar/plan/group.hpp"
#include "ashlar/plan/loops.hpp"
#include "ashlar/plan/node_memory.hpp"

namespace ashlar::detail {

/// What `fusion` decides, as a constant: see run/program.hpp for the stages of a plan.
template <int Nodes> struct frozen_fusion {
    fixed<int, Nodes> root{}, panels{}, host{}, uses{}, leader{}, second{};
};

/// Decides which nodes get memory of their own ("roots") and which step computes each of them.
///
/// Roots are contractions, windows, reductions, ranges, placements, results, whatever those read, and element-wise nodes that are
/// read more than once and cost more to recompute than to store. A root that is computed element by element from the
/// result of a step, at the same index, joins that step as a further store.
template <class Graph> class fusion : public node_memory<Graph> {
    using memory = node_memory<Graph>;

public:
    static constexpr int recompute_limit = 8;    // flops an element
    static constexpr int broadcast_limit = 4;    // flops of what is repeated along an expanded axis
    static constexpr int group_limit = 28;       // instructions that make one element
    static constexpr int body_limit = 60;        // of all that a step makes: with their loads, clang folds over 256

    using memory::g, memory::root, memory::what, memory::is_leaf, memory::is_inline, memory::access_of,
        memory::is_matrix, memory::product_of, memory::lies_by_columns;
    // One step computes all of sum<0>(relu(matmul(a, b))) * 2: the product is its leader, the sum, which takes the rows
    // as they are made, its second node.
    list<int> host;    // of a root: the step that computes it
    list<int> leader;  // of a step: the node that it was made for
    list<int> second;  // of a step: the pool that takes a convolution's planes, the sum of rows or planes, or -1

    constexpr explicit fusion(const Graph& graph) : memory{graph}, loops_{graph} {
        const int n = g.nodes.size();
        host.resize(n, -1);
        uses_.zeros(n);
        weight_.zeros(n);
        length_.zeros(n);
        reads_.zeros(n);
        mark_demanded();
        mark_held();
        mark_copied();
        mark_expensive();
        assign_hosts();
    }
    /// What was decided before, of the same graph.
    template <int Nodes>
    constexpr fusion(const Graph& graph, const frozen_fusion<Nodes>& decided) : memory{graph}, loops_{graph} {
        root.assign(decided.root.data, decided.root.count);
        panels_.assign(decided.panels.data, decided.panels.count);
        host.assign(decided.host.data, decided.host.count);
        uses_.assign(decided.uses.data, decided.uses.count);
        leader.assign(decided.leader.data, decided.leader.count);
        second.assign(decided.second.data, decided.second.count);
    }
    template <int Nodes> constexpr frozen_fusion<Nodes> frozen() const {
        frozen_fusion<Nodes> f;
        f.root.take(root), f.panels.take(panels_), f.host.take(host);
        f.uses.take(uses_), f.leader.take(leader), f.second.take(second);
        return f;
    }

    /// Which argument of a sum is a product that only it reads: the first of two. Both are rounded once, as one op of
    /// the loop. That is decided by the graph alone, so that all programs that compute this sum get the same number.
    /// -1: none.
    constexpr int product_in(int id) const {
        if (!g.nodes.data[id].op->takes_products || !is_floating(g.nodes.data[id].type)) return -1;
        for (int i = 0; i < 2; ++i) {
            const int a = g.argument(id, i);
            if (g.nodes.data[a].op->is_product && uses_.data[a] == 1 && root.data[a] == 0 &&
                g.nodes.data[a].type == g.nodes.data[id].type)
                return i;
        }
        return -1;
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
        int id = g.argument(second.data[step], 0);
        while (uses_.data[id] == 1 && id != leader.data[step]) {
            if (what(id) != kind::elementwise || !g.nodes.data[id].op->nondecreasing) return false;
            int varying = -1;
            for (int i = 0; i < g.nodes.data[id].count; ++i) {
                const int a = g.argument(id, i);
                if (g.nodes.data[a].extent == g.nodes.data[id].extent && varying < 0) varying = a;
                else if (!is_same_in_planes(a, static_cast<int>(g.attributes_of(second.data[step]).value[1])))
                    return false;
            }
            if (varying < 0) return false;
            id = varying;
        }
        return uses_.data[id] == 1;
    }

private:
    using memory::panels_;
    list<int> uses_, weight_, length_, reads_;
    list<int> first_read_, next_read_, reader_, argument_;  // of every node, if there may be panels
    loop_types<Graph> loops_;
    list<int> step_loops_;   // what all that a step computes asks for
    list<int> step_length_;  // its instructions

    constexpr void demand(int id) {
        if (!is_leaf(id) && what(id) != kind::view && what(id) != kind::reshape) root.data[id] = 1;
        if (what(id) == kind::view || what(id) == kind::reshape) demand(g.argument(id, 0));
    }
    // What a kernel reads through a pointer; dense: in row-major order, without gaps.
    constexpr void demand_operand(int id, bool dense) {
        demand(id);
        if (what(id) == kind::constant || (dense && what(id) == kind::view)) root.data[id] = 1;
    }

    // What has to be memory by its kind and that of its readers. Nothing here asks where anything lies: that is known
    // when all of this is done, however far down the graph the reader is that demands it.
    constexpr void mark_demanded() {
        for (const output& o : g.outputs) {
            root.data[o.node] = 1;
            ++uses_.data[o.node];
        }
        for (int id = 0; id < g.nodes.size(); ++id) {
            const node& n = g.nodes.data[id];
            for (int i = 0; i < n.count; ++i) ++uses_.data[g.argument(id, i)];
            switch (n.op->what) {
                case kind::contraction:
                case kind::window:
                    root.data[id] = 1;
                    for (int i = 0; i < n.count; ++i) demand_operand(g.argument(id, i), n.op->what == kind::window);
                    break;
                case kind::reduction:
                case kind::range: root.data[id] = 1; break;
                case kind::place:
                    root.data[id] = 1;
                    if (!is_leaf(g.argument(id, 0))) demand(g.argument(id, 0));
                    break;
                case kind::view:
                case kind::reshape: demand(g.argument(id, 0)); break;
                default: break;
            }
        }
    }

    // What is held goes to an update or, in programs without one, into memory. Where others read it too, they find the
    // same in both: they read memory.
    constexpr void mark_held() {
        for (int id = 0; id < g.nodes.size(); ++id)
            if (g.nodes.data[id].op->rounds_only && uses_.data[g.argument(id, 0)] > 1) demand(g.argument(id, 0));
    }

    // Views that do not lie as their readers need them, from the first node to the last: a view lies in what it views.
    constexpr void mark_copied() {
        for (int id = 0; id < g.nodes.size(); ++id) {
            if (what(id) == kind::reshape && what(g.argument(id, 0)) == kind::view && !mark_panels(id))
                root.data[g.argument(id, 0)] = 1;
            if (what(id) != kind::contraction) continue;
            for (int i = 0; i < 2; ++i) {
                const int a = g.argument(id, i);
                if (what(a) == kind::view && !is_matrix(access_of(a), g.shape_of(a))) root.data[a] = 1;
            }
        }
    }

    // A tensor (panels, k, width) whose axes are exchanged, as a matrix of k rows (packed_members::matrix_of_panels makes it):
    // products may read it where it lies.
    constexpr bool mark_panels(int id) {
        const int v = g.argument(id, 0);
        const shape &s = g.shape_of(v), &matrix = g.shape_of(id);
        if (uses_.data[v] != 1 || what(g.argument(v, 0)) != kind::input || s.rank != 3 || matrix.rank != 2 ||
            matrix[0] != s[0] || s[1] == 1 || s[0] == 1)
            return false;
        const access a = access_of(v);
        const index width = is_wide(g.nodes.data[id].type) ? kernels::panel_width<double> : kernels::panel_width<float>;
        if (a.offset != 0 || s[2] != width || a.stride[0] != width || a.stride[1] != s[0] * width || a.stride[2] != 1) return false;
        if (first_read_.size() == 0) link_reads();
        panels_.data[id] = 1;  // for access_of, which the question asks
        panels_.data[id] = is_read_by_products(id, s[0]) ? 1 : 0;
        return panels_.data[id] != 0;
    }
    constexpr void link_reads() {
        first_read_.resize(g.nodes.size(), -1);
        for (int n = 0; n < g.nodes.size(); ++n)
            for (int i = 0; i < g.nodes.data[n].count; ++i) {
                const int at = reader_.push(n), id = g.argument(n, i);
                argument_.push(i), next_read_.push(first_read_.data[id]), first_read_.data[id] = at;
            }
    }
    // Only as right operands that are not transposed, all k rows from the first column on.
    constexpr bool is_read_by_products(int id, index k) const {
        for (const output& o : g.outputs)
            if (o.node == id) return false;
        for (int r = first_read_.data[id]; r >= 0; r = next_read_.data[r])
            if (!may_read_panels(reader_.data[r], argument_.data[r], k)) return false;
        return true;
    }
    constexpr bool may_read_panels(int id, int argument, index k) const {
        if (what(id) == kind::view) return has_all_rows(id, k) && is_read_by_products(id, k);
        return what(id) == kind::contraction && argument == 1 && takes_plain(id, k);
    }
    constexpr bool has_all_rows(int id, index k) const {
        const access a = access_of(id);
        const int rows = a.stride[0] == 1 ? 1 : 0;
        return g.shape_of(id).rank == 2 && a.offset == 0 && a.stride[1 - rows] == 1 && a.stride[rows] > 1 && g.shape_of(id)[rows] == k;
    }
    constexpr bool takes_plain(int id, index k) const {
        const int b = g.argument(id, 1);
        const shape& s = g.shape_of(b);
        const int rows = g.attributes_of(id).value[1] != 0 ? 1 : 0;  // the axis of terms
        return s.rank == 2 && (rows != 0) == lies_by_columns(b) && s[rows] == k && s[1 - rows] > 1;
    }

    // What is cheaper to keep than to compute again.
    constexpr void mark_expensive() {
        for (int id = 0; id < g.nodes.size(); ++id) {
            const node& n = g.nodes.data[id];
            loops_.separate(id, root);
            if (n.op->what != kind::elementwise && n.op->what != kind::reduction) continue;
            const index size = g.shape_of(n.op->what == kind::reduction ? g.argument(id, 0) : id).size();
            int weight = n.op->cost, length = 1, reads = 0;
            for (int i = 0; i < n.count; ++i) {
                const int a = g.argument(id, i);
                if (!is_inline(a)) {
                    reads += g.nodes.data[a].extent == n.extent && what(a) != kind::constant ? 1 : 0;
                    continue;
                }
                if (weight_.data[a] > broadcast_limit && g.shape_of(a).size() < size) root.data[a] = 1;
                else if (length_.data[a] + length > group_limit) keep(a, product_in(id) == i);
                if (is_inline(a)) weight += weight_.data[a], length += length_.data[a], reads += reads_.data[a];
            }
            weight_.data[id] = weight;
            length_.data[id] = length;
            reads_.data[id] = reads;
            // Read again it costs a load, computed again all of it. What is made from a product alone takes its place.
            if (n.op->what == kind::elementwise && uses_.data[id] > 1 &&
                (weight > recompute_limit || reads > 1 || replaces_a_product(id)))
                root.data[id] = 1;
        }
    }

    // Ends a loop that would be too long: a has memory of its own, or, as a product
    // is rounded in the same way wherever a loop ends, what it multiplies has.
    constexpr void keep(int a, bool product) {
        if (!product) {
            root.data[a] = 1;
            return;
        }
        weight_.data[a] = g.nodes.data[a].op->cost, length_.data[a] = 1, reads_.data[a] = 0;
        for (int i = 0; i < 2; ++i) {
            const int factor = g.argument(a, i);
            if (is_inline(factor)) root.data[factor] = 1;
            reads_.data[a] += g.nodes.data[factor].extent == g.nodes.data[a].extent ? 1 : 0;
        }
    }

    constexpr bool replaces_a_product(int id) const {
        for (int i = 0; i < g.nodes.data[id].count; ++i) {
            const int a = g.argument(id, i);
            if ((what(a) == kind::contraction || what(a) == kind::window) && uses_.data[a] == 1 &&
                g.nodes.data[a].extent == g.nodes.data[id].extent)
                return true;
        }
        return false;
    }

    // What an element-wise node reads of other steps, to find the one that may compute it on the way: the last of them,
    // as the others are done by then, if element i needs nothing but element i of it. x + 1 joins the step of x;
    // x[1:] + 1 does not, nor does x + y join that of x where x is a row of y's extents.
    struct externals {
        int latest = -1;       // the last step that something is read from
        bool aligned = true;   // everything read from that step is read at the index that is computed
        int count = 0;
        dtype widest = dtype::boolean;
    };

    // One more operand is read, from `step` (-1: an input).
    constexpr void see(externals& e, int step, bool aligned) const {
        ++e.count;
        if (step > e.latest) e = {step, aligned, e.count, e.widest};
        else if (step == e.latest) e.aligned = e.aligned && aligned;
    }

    // All that is read to compute element-wise node `id` in the space of `space`.
    constexpr void gather(externals& e, int id, int space) const {
        e.widest = promote(e.widest, g.nodes.data[id].type);
        for (int i = 0; i < g.nodes.data[id].count; ++i) {
            const int a = g.argument(id, i);
            if (what(a) == kind::constant) continue;
            e.widest = promote(e.widest, g.nodes.data[a].type);
            if (what(a) == kind::input) see(e, -1, true);
            else if (is_inline(a)) gather(e, a, space);
            else if (root.data[a] != 0) see(e, host.data[a], g.nodes.data[a].extent == g.nodes.data[space].extent);
            else see(e, host.data[access_of(a).root], false);
        }
    }

    constexpr void assign_hosts() {
        for (int id = 0; id < g.nodes.size(); ++id) {
            if (root.data[id] == 0) continue;
            externals e{};
            if (what(id) == kind::window && takes_pool(host.data[g.argument(id, 0)], id)) {
                host.data[id] = host.data[g.argument(id, 0)];
                second.data[host.data[id]] = id;
                continue;
            }
            if (const int step = what(id) == kind::reduction ? combined_in(id) : -1; step >= 0) {
                host.data[id] = step;
                second.data[step] = id;
                continue;
            }
            if (what(id) == kind::elementwise) {
                gather(e, id, id);
                if (e.latest >= 0 && e.aligned && can_host(e.latest, id, e.widest)) {
                    host.data[id] = e.latest;
                    step_loops_.data[e.latest] |= loops_.of(id), step_length_.data[e.latest] += length_.data[id];
                    continue;
                }
            }
            host.data[id] = leader.push(id);
            second.push(-1);
            step_loops_.push(loops_.of(id)), step_length_.push(length_.data[id]);
        }
    }

    // The step whose results, or what is made of them element by element, reduction `id` combines as they come: the rows of a
    // product, the planes of each channel of windows (but not of a convolution's output, which a pool may want).
    constexpr int combined_in(int id) const {
        const int x = g.argument(id, 0), rank = g.shape_of(x).rank;
        externals e{};
        gather(e, id, x);
        if (e.latest < 0 || !e.aligned || second.data[e.latest] >= 0 || g.nodes.data[id].op->how >= reducer::argmax)
            return -1;
        const int first = leader.data[e.latest];
        if (g.nodes.data[first].extent != g.nodes.data[x].extent || e.widest != g.nodes.data[first].type ||
            g.nodes.data[id].type != e.widest)
            return -1;
        const index axes = g.attributes_of(id).value[0];
        if (what(first) == kind::contraction && rank == 2 && axes == 1) {
            const product p = product_of(first);
            return kernels::goes_by_panels(p.transpose_a, p.transpose_b, p.m, p.n, p.k) ? e.latest : -1;
        }
        const bool windows = what(first) == kind::window && (what_slides(first) == sliding::image || what_slides(first) > sliding::pool);
        return windows && rank > 2 && axes == (1 << rank) - 3 && g.attributes_of(id).value[1] == axes ? e.latest : -1;
    }

    // A convolution whose planes pool `id` takes as they are made.
    constexpr bool takes_pool(int step, int id) const {
        if (step < 0 || second.data[step] >= 0 || root.data[g.argument(id, 0)] == 0) return false;
        const int first = leader.data[step], x = g.argument(id, 0);
        return what(first) == kind::window && what_slides(id) == sliding::pool && what_slides(first) == sliding::output &&
               g.nodes.data[x].extent == g.nodes.data[first].extent && g.nodes.data[id].extent != g.nodes.data[x].extent &&
               g.nodes.data[id].type == g.nodes.data[first].type;
    }
    constexpr bool is_same_in_planes(int id, int axes) const {
        const shape& s = g.shape_of(id);
        for (int i = s.rank - axes; i < s.rank; ++i)
            if (i >= 0 && s[i] != 1) return false;
        return true;
    }
    constexpr sliding what_slides(int id) const { return static_cast<sliding>(g.attributes_of(id).value[0]); }

    // The step computes an element of `id` where it has just computed what that is made of.
    constexpr bool can_host(int step, int id, dtype widest) const {
        const int last = second.data[step],
                  first = last >= 0 && g.nodes.data[last].extent == g.nodes.data[id].extent ? last : leader.data[step];
        const kind k = what(first);
        if (g.nodes.data[first].extent != g.nodes.data[id].extent ||
            step_length_.data[step] + length_.data[id] > body_limit)
            return false;
        if (loops_.conflict(step_loops_.data[step] | loops_.of(id))) return false;
        if (k == kind::reduction) return g.nodes.data[first].op->how < reducer::argmax;
        // A product's epilogue computes in the product's type; whole numbers do not become float32 on the way.
        if (k == kind::contraction || k == kind::window) return widest == g.nodes.data[first].type;
        return k == kind::elementwise;
    }
};

}  // namespace ashlar::detail
