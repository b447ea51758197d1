// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/plan/draft_writer.hpp"
#include "ashlar/plan/fusion.hpp"
#include "ashlar/plan/kind_rules.hpp"
#include "ashlar/plan/rows.hpp"

namespace ashlar::detail {

/// The code of every step: what is loaded, the ops in order, which registers hold the results.
///   in   the graph; fusion; order of the steps and their blocks
///   out  steps, loads, code, results as drafts, before buffers have places; which buffer a chain of placements shares
template <class Graph> class lowering : public draft_writer {
public:
    constexpr lowering(const fusion<Graph>& f, const step_order& order) : g{f.g}, fused{f}, order_{order} {}

    constexpr void write() {
        begin_drafts(g.nodes.size());
        shares.resize(g.nodes.size(), no_index);
        next_hosted_.resize(g.nodes.size(), no_index);
        first_hosted_.resize(fused.leader.size(), no_index);
        for (int id = g.nodes.size() - 1; id >= 0; --id)
            if (fused.root.data[id] != 0)
                next_hosted_.data[id] = first_hosted_.data[fused.host.data[id]],
                first_hosted_.data[fused.host.data[id]] = id;
        if (!fused.placed.empty()) share_buffers();
        for (const int s : order_.order) {
            const int id = fused.leader.data[s];
            if (!fused.placed.empty()) begin_buffers(s);
            const kind what = fused.facts(id).has_memory ? g.nodes.data[id].op->what : kind::elementwise;
            kinds<Graph>::lower(what, *this, s, id);
        }
    }

    /// The node whose buffer this root uses: a chain of placements writes into one.
    constexpr int owner(int id) const { return shares.data[id] < 0 ? id : shares.data[id]; }
    constexpr bool read_elsewhere(int id) const { return read.data[id] != 0; }
    constexpr bool has_memory(int id) const {
        return shares.data[id] < 0 && (read.data[id] != 0 || fused.facts(id).is_placement());
    }

    // ---- what kinds write their steps with -----------------------------------------------------------------------

    const Graph& g;
    const fusion<Graph>& fused;
    list<int> shares;            // of a node: the owner of the buffer that it writes to, if that is not itself
    int accumulator = no_index;  // the node that the kernel itself computes
    int passed = no_index;       // a pool that has come before what it takes

    /// A step for node `id`; `host` is its number in `fusion`.
    constexpr void begin(int host, int id, kind what) {
        begin_draft(id, what, host >= 0 ? order_.block.data[host] : no_index);
        host_ = host;
        accumulator = no_index, passed = no_index;
    }

    /// The register that holds node `id`, computed or loaded if need be.
    constexpr int register_of(int id) {
        if (is_here(id)) return register_of_node.data[id];
        const node& n = g.nodes.data[id];
        if (id == accumulator) return append({.from = source::accumulator, .type = accumulated(now.base)}, id);
        if (id == passed) return register_of(g.argument(id, 0));
        if (n.op->facts.is_constant)
            return append({.from = source::constant,
                           .type = register_type(n.type),
                           .bits = std::bit_cast<std::uint64_t>(n.value)},
                          id);
        const bool here = n.op->facts.is_elementwise && (fused.root.data[id] == 0 || fused.host.data[id] == host_);
        if (!here) return load(id);
        int r[3] = {0, 0, 0};
        for (int i = 0; i < n.count; ++i) r[i] = register_of(g.argument(id, i));
        if (n.op->same_value) return same_register(id, r[0]);
        return append({.from = source::op,
                       .type = computed_in(id, r),
                       .stored = n.type,
                       .product = mark_product(fused.product_in(id), r),
                       .a = static_cast<short>(r[0]),
                       .b = static_cast<short>(r[1]),
                       .c = static_cast<short>(r[2]),
                       .op = n.op},
                      id);
    }

    /// All that step `s` computes, or what of it has an extent.
    constexpr void compute_hosted(int s, int extent = no_index) {
        for (int id = first_hosted_.data[s]; id >= 0; id = next_hosted_.data[id]) {
            if (extent >= 0 && g.nodes.data[id].extent != extent) continue;
            const bool moved = fused.facts(id).moves();
            const int r = moved ? load_view(id) : register_of(id);
            assign(compute_type, promote(compute_type, in_body(r).type));  // a constant says it nowhere else
            results.push(result_of(id, r));
        }
    }

    /// The element type in memory.
    constexpr dtype storage_of(int root) const {
        const node& n = g.nodes.data[root];
        return n.op->facts.is_input ? g.inputs.data[static_cast<int>(n.value)].storage : n.type;
    }

    /// One element-wise value into memory.
    constexpr void write(int id, computed to) {
        now.base.first_code = code.size();
        to.reg = static_cast<short>(register_of(id));
        assign(compute_type, promote(compute_type, in_body(to.reg).type));
        results.push(to);
        now.base.codes = code.size() - now.base.first_code;
        assign(now.base.compute, compute());
        collapse(0, now.base.rank, now.first_load, now.first_result);
        settle(now.base.first_code, now.base.codes, now.first_load, now.base.rank - 1);
        finish();
    }
    /// What a chain of placements, of which this is the first, is written over; nothing where its windows fill all.
    constexpr void write_base(int s, int first) {
        if (begun_.data[first] != 0 || fused.filled.data[first] != 0) return;
        begun_.data[first] = 1;
        begin(s, first, kind::elementwise);
        set_space(g.shape_of(first));
        write(g.argument(first, 0), {first, 0, contiguous(g.shape_of(first))});
    }

private:
    const step_order& order_;
    list<int> first_hosted_, next_hosted_;
    list<int> begun_;      // of the first placement of a chain: 1 where its base is written
    int host_ = no_index;  // the step of `fusion` that is written

    // ---- placements ----------------------------------------------------------------------------------------------

    // A chain of placements, and what is computed in its windows, has the buffer of its first one.
    constexpr void share_buffers() {
        begun_.zeros(g.nodes.size());
        for (int id = 0; id < g.nodes.size(); ++id) {
            if (!fused.facts(id).is_placement()) continue;
            read.data[id] = 1;
            if (fused.continues_placement(id)) shares.data[id] = owner(g.argument(id, 0));
        }
        for (int id = 0; id < g.nodes.size(); ++id)
            if (fused.placed.data[id] >= 0) shares.data[id] = owner(fused.placed.data[id]), read.data[id] = 1;
    }
    // Before a step writes parts of buffers.
    constexpr void begin_buffers(int s) {
        for (int id = first_hosted_.data[s]; id >= 0; id = next_hosted_.data[id])
            if (fused.placed.data[id] >= 0) write_base(no_index, owner(id));
    }
    constexpr computed result_of(int id, int reg) const {
        const int part = fused.placed_by(id);
        access there{};
        const bool placed = part >= 0 && fused.lies_in_window(part, id, there);
        return {id, static_cast<short>(reg), placed ? operand_at(there) : contiguous(g.shape_of(id)), part};
    }

    // ---- loop bodies ---------------------------------------------------------------------------------------------

    // An op computes in the type of its result, one that is true or false in the type of what it asks about: x < y of
    // int64 in int64. Of truth values alone, where every type will do, in one that some of them have.
    constexpr dtype computed_in(int id, const int* registers) const {
        const node& n = g.nodes.data[id];
        if (!is_boolean(n.type)) return register_type(n.type);
        dtype all = dtype::boolean, held = dtype::boolean;
        for (int i = 0; i < n.count; ++i) {
            assign(all, promote(all, g.nodes.data[g.argument(id, i)].type));
            assign(held, promote(held, in_body(registers[i]).type));
        }
        return is_boolean(all) ? held : register_type(all);
    }

    // The line of a product becomes a part of that of the sum which takes it as argument i.
    constexpr with_product mark_product(int i, const int* registers) {
        if (i < 0) return with_product::no;
        in_body(registers[i]).product = with_product::taken;
        return i == 0 ? with_product::first : with_product::second;
    }

    constexpr int load(int id) {
        add_operand(aligned(fused.access_of(id), g.shape_of(id), space_rank));
        return append_load(id);
    }

    // A view that is copied: what it views, through its own strides.
    constexpr int load_view(int id) {
        add_operand(fused.source_of(id));
        return append_load(id);
    }
    constexpr int append_load(int id) {
        return append({.from = source::load,
                       .type = register_type(g.nodes.data[id].type),
                       .stored = storage_of(loads.back().root)},
                      id);
    }
};

}  // namespace ashlar::detail
