// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/plan/emitter.hpp"
#include "ashlar/plan/sharing.hpp"
#include "ashlar/plan/slots.hpp"

namespace ashlar::detail {

/// Orders the steps, writes their stores, and gives every buffer a slot for as long as it is read.
template <class Graph> class planner {
public:
    list<step> steps;
    list<instruction> code;
    list<store_instruction> stores;
    list<site> sites;
    list<hazard> hazards;
    list<index> staging;  // for every output the offset of a copy that protects its readers, or -1
    index pool[pools] = {};
    knowledge known = knowledge::straight;
    bool shared_maps = false;  // of a fixed layout, but element-wise steps go through kernels of any extents

    /// `most`: what kernels may know at most, for tests; `decided`: what is fused, where that is a constant already.
    template <class... Decided>
    constexpr explicit planner(const Graph& graph, knowledge most = knowledge::straight, const Decided&... decided)
        : g_{graph}, fused_{graph, decided...}, emitter_{graph, fused_} {
        emitter_.run();
        decide_stores();
        assemble();
        find_blocks();
        known = most == knowledge::straight && !is_small() ? knowledge::fixed_layout : most;
        if (known == knowledge::fixed_layout && has_many_shapes()) known = knowledge::shared;
        find_hazards();
        reserve_for_products();
        place_buffers();
        divide_rows();
        for (const instruction& i : emitter_.code) code.push(i);
        kernel_sharing<planner> sharing{*this};
        if (sharing.run() > most_kernels && known == knowledge::fixed_layout) shared_maps = true, sharing.run();
    }

private:
    const Graph& g_;
    fusion<Graph> fused_;
    emitter<Graph> emitter_;
    list<int> site_root_;   // the node whose memory a site is, -1 for scratch
    list<int> place_of_;    // node -> place of the output that it is, or -1
    list<int> birth_, death_;
    list<int> block_begin_, block_end_;    // step -> the ends of its block, or -1
    list<index> turn_rows_;                // step of a block -> the rows of a turn
    list<int> local_;                      // node -> 1 if nothing outside of its block reads it
    list<int> output_step_;                // where a result is written
    list<int> first_output_, next_output_, result_in_;  // the results a node is; owner -> result in its buffer, or -1

    constexpr int pool_of(int id) const { return static_cast<int>(g_.nodes.data[id].type); }

    constexpr void decide_stores() {
        const int nodes = g_.nodes.size(), results = g_.outputs.size();
        place_of_.resize(nodes, -1), birth_.resize(nodes, -1), death_.resize(nodes, -1);
        first_output_.resize(nodes, -1), result_in_.resize(nodes, -1);
        next_output_.resize(results, -1), output_step_.resize(results, -1);
        for (int o = results - 1; o >= 0; --o) {
            const int id = g_.outputs.data[o].node;
            next_output_.data[o] = first_output_.data[id], first_output_.data[id] = o;
            place_of_.data[emitter_.owner(id)] = g_.outputs.data[o].place;
            result_in_.data[emitter_.owner(id)] = id;
        }
    }

    constexpr void assemble() {
        for (int s = 0; s < emitter_.steps.size(); ++s) {
            draft d = emitter_.steps.data[s];
            step out = d.base;
            out.first_site = sites.size();
            for (int i = d.first_load; i < d.first_load + d.inner_loads; ++i) add_site(emitter_.loads.data[i], s);
            out.first_store = stores.size();
            for (int i = d.first_result; i < d.first_result + d.inner_results; ++i)
                add_stores(emitter_.results.data[i], out.between, s, out.stores);
            for (int i = d.first_load + d.inner_loads; i < d.first_load + d.loads; ++i)
                add_site(emitter_.loads.data[i], s);
            int& first = d.has_epilogue ? out.first_epilogue_store : out.first_store;
            int& count = d.has_epilogue ? out.epilogue_stores : out.stores;
            first = stores.size();
            const space axes = first_axes(out, d.has_epilogue && out.what == step_kind::reduce ? out.kept : out.rank);
            for (int i = d.first_result + d.inner_results; i < d.first_result + d.results; ++i)
                add_stores(emitter_.results.data[i], axes, s, count);
            out.sites = sites.size() - out.first_site;
            steps.push(out);
        }
    }

    constexpr void add_site(const loaded& l, int s) {
        sites.push(l.where);
        site_root_.push(l.root);
        if (l.root >= 0) death_.data[emitter_.owner(l.root)] = s;
        if (l.root < 0) scratch_.push({sites.size() - 1, s, l.size, l.pool});
    }

    constexpr void add_stores(const computed& r, const space& axes, int s, int& count) {
        const int owner = emitter_.owner(r.node);
        if (birth_.data[owner] < 0) birth_.data[owner] = s;
        if (death_.data[owner] < s) death_.data[owner] = s;
        // Every part of a chain of placements goes to all results that its last one is.
        const int result = result_in_.data[owner] < 0 ? r.node : result_in_.data[owner];
        if (first_output_.data[result] < 0 && emitter_.read_elsewhere(r.node)) store(r, axes, -1, count);
        for (int o = first_output_.data[result]; o >= 0; o = next_output_.data[o])
            store(r, axes, g_.outputs.data[o].place, count), output_step_.data[o] = s;
    }

    constexpr void store(const computed& r, const space& axes, int place, int& count) {
        site where = r.where;
        where.place = place;
        sites.push(where);
        site_root_.push(place < 0 ? r.node : -2);
        const int inner = axes.rank - 1;
        const bool runs = inner < 0 || axes.extent[inner] == 1 || where.stride[inner] == 1;
        stores.push({r.reg, g_.nodes.data[r.node].type, runs ? along::runs : along::strides});
        ++count;
    }

    // ---- steps that go through their rows together ---------------------------------------------------------------

    // What is born in a block is there from its first step on, what dies in it to its last: rows are interleaved.
    constexpr void find_blocks() {
        block_begin_.resize(steps.size(), -1), block_end_.resize(steps.size(), -1);
        for (int first = 0; first < steps.size();) {
            int end = first + 1;
            const int block = emitter_.steps.data[first].block;
            while (block >= 0 && end < steps.size() && emitter_.steps.data[end].block == block) ++end;
            for (int s = first; block >= 0 && s < end; ++s)
                steps.data[s].turns = steps.data[s].extent[0], block_begin_.data[s] = first,
                block_end_.data[s] = end - 1;
            if (block >= 0) steps.data[first].block = end - first;
            first = end;
        }
        turn_rows_.resize(steps.size(), 1), local_.zeros(g_.nodes.size());
        for (int s = 0; s < steps.size(); ++s)
            if (block_begin_.data[s] >= 0)
                turn_rows_.data[s] = block_begin_.data[s] == s ? rows_of_turn(s) : turn_rows_.data[s - 1];
        for (int id = 0; id < g_.nodes.size(); ++id) {
            local_.data[id] =
                birth_.data[id] >= 0 && place_of_.data[id] < 0 && in_one_block(birth_.data[id], death_.data[id]) ? 1
                                                                                                                 : 0;
            if (birth_.data[id] >= 0 && block_begin_.data[birth_.data[id]] >= 0)
                birth_.data[id] = block_begin_.data[birth_.data[id]];
            if (death_.data[id] >= 0 && block_end_.data[death_.data[id]] >= 0)
                death_.data[id] = block_end_.data[death_.data[id]];
        }
    }
    // The rows of one turn: as many as leave room for several arrays in the first cache.
    constexpr index rows_of_turn(int first) const {
        index largest = 1, rows = steps.data[first].turns, chosen = 1;
        for (int s = first; s <= block_end_.data[first]; ++s) {
            index row = 1;
            for (int d = 1; d < steps.data[s].rank; ++d) row *= steps.data[s].extent[d];
            largest = row > largest ? row : largest;
        }
        for (index n = 2; n <= rows && n * largest <= turn_size; ++n) chosen = rows % n == 0 ? n : chosen;
        return chosen;
    }
    static constexpr index turn_size = 4096;  // elements

    constexpr void divide_rows() {
        for (int s = 0; s < steps.size(); ++s) {
            if (block_begin_.data[s] < 0) continue;
            step& now = steps.data[s];
            const index rows = turn_rows_.data[s];
            for (int i = now.first_site; i < now.first_site + now.sites; ++i)
                sites.data[i].advance =
                    site_root_.data[i] >= 0 && is_local(site_root_.data[i]) ? 0 : rows * sites.data[i].stride[0];
            now.turns /= rows, now.extent[0] = rows;
        }
    }

    // A buffer that nothing outside of a block sees needs the rows of one turn only.
    constexpr bool is_local(int id) const { return local_.data[id] != 0; }
    constexpr index memory_of(int id) const {
        const index size = g_.shape_of(id).size();
        return is_local(id) ? size / (steps.data[birth_.data[id]].turns / turn_rows_.data[birth_.data[id]]) : size;
    }

    constexpr bool in_one_block(int s, int t) const {
        return block_begin_.data[s] >= 0 && block_begin_.data[s] == block_begin_.data[t];
    }

    // ---- aliasing of results with what is read -------------------------------------------------------------------

    constexpr void find_hazards() {
        list<int> updated_by;  // input -> the result that overwrites it or a possible twin
        updated_by.resize(g_.inputs.size(), -1);
        list<int> fresh;       // results with memory of their own, which may be that of any input
        for (int o = 0; o < g_.outputs.size(); ++o) {
            if (g_.outputs.data[o].updates >= 0) updated_by.data[g_.inputs.data[g_.outputs.data[o].updates].alias] = o;
            else if (g_.outputs.data[o].to == destination::anywhere) fresh.push(o);
        }
        for (int s = 0; s < steps.size(); ++s)
            for (int i = 0; i < steps.data[s].sites; ++i) {
                const int root = site_root_.data[steps.data[s].first_site + i];
                if (root < 0 || fused_.what(root) != kind::input) continue;
                const int read = static_cast<int>(g_.nodes.data[root].value);
                if (updated_by.data[g_.inputs.data[read].alias] >= 0)
                    inspect(updated_by.data[g_.inputs.data[read].alias], read, s, i);
                for (int o : fresh) inspect(o, read, s, i);
            }
    }

    constexpr void inspect(int o, int read, int s, int i) {
        const int first = first_write(o);
        if (s < first) return;
        const bool element = s == output_step_.data[o] && reads_where_it_writes(s, i, o);
        const bool unsafe = in_one_block(s, first)
                                ? !reads_the_row_it_writes(s, i, o) || (s >= output_step_.data[o] && !element)
                                : s > first || !element;
        // A tensor either is the target or lies apart; but a view may lie somewhere inside a larger one.
        const bool may_be_shifted = g_.inputs.data[read].view || g_.shapes.data[g_.inputs.data[read].extent].size() !=
                                                                     g_.shape_of(g_.outputs.data[o].node).size();
        if (!unsafe && !may_be_shifted) return;
        const bool constant =
            unsafe && s == first && first == output_step_.data[o] && i < 2 && reads_before_it_writes(s);
        for (int h = hazards.size() - 1; h >= 0 && hazards.size() - h < 8; --h)
            if (hazards.data[h].output == o && hazards.data[h].input == read) {
                hazards.data[h].shifted = hazards.data[h].shifted && !unsafe;
                hazards.data[h].constant = hazards.data[h].constant && constant;
                return;
            }
        hazards.push({o, read, !unsafe, constant});
    }

    // A product of straight code that is one tile.
    constexpr bool reads_before_it_writes(int s) const {
        const step& at = steps.data[s];
        if (known != knowledge::straight || at.what != step_kind::contraction) return false;
        for (int d = 0; d + 2 < at.rank; ++d)
            if (at.extent[d] != 1) return false;
        const kernels::way way = form_of(at, sites.data[at.first_site + 1], known).way;
        return is_wide(at.compute) ? kernels::is_one_tile<double>(way, at.m, at.n)
                                   : kernels::is_one_tile<float>(way, at.m, at.n);
    }

    // A chain of placements writes its result from its first step on.
    constexpr int first_write(int o) const { return birth_.data[emitter_.owner(g_.outputs.data[o].node)]; }

    // Operand i of step s is read at the very element that the result is written to, just before.
    constexpr bool reads_where_it_writes(int s, int i, int o) const {
        const step& at = steps.data[s];
        const bool reduces = at.what == step_kind::reduce;
        if (i < (reduces ? loads_of(at) : own_sites(at)) || at.pools) return false;
        const site& in = sites.data[at.first_site + i];
        for (int k = 0; k < at.sites; ++k) {
            const site& out = sites.data[at.first_site + k];
            if (site_root_.data[at.first_site + k] != -2 || out.place != g_.outputs.data[o].place) continue;
            if (at.what == step_kind::window && at.combines()) {  // what is combined is written when all planes have come
                const int last = at.sites - loads_in(at.first_epilogue, at.epilogues) - at.epilogue_stores;
                if (k < last || i < last) return k >= last;
            }
            if (in.offset != out.offset) return false;
            for (int d = 0; d < (reduces ? at.kept : at.rank); ++d)
                if (at.extent[d] != 1 && in.stride[d] != out.stride[d]) return false;
            return true;
        }
        return false;
    }

    // Operand i of a step in the block that writes the result lies as the result does, row by row.
    constexpr bool reads_the_row_it_writes(int s, int i, int o) const {
        const site& in = sites.data[steps.data[s].first_site + i];
        const index row = g_.shape_of(g_.outputs.data[o].node).size() / steps.data[s].turns;
        index within = 0;
        for (int d = 1; d < steps.data[s].rank; ++d)
            within += (steps.data[s].extent[d] - 1) * (in.stride[d] < 0 ? row : in.stride[d]);
        return in.offset == 0 && in.stride[0] == row && within < row &&
               g_.shape_of(g_.outputs.data[o].node)[0] == steps.data[s].turns;
    }

    constexpr int loads_of(const step& s) const { return loads_in(s.first_code, s.codes); }
    constexpr int loads_in(int first, int count) const {
        int n = 0;
        for (int i = first; i < first + count; ++i) n += emitter_.code.data[i].from == source::load ? 1 : 0;
        return n;
    }

    // ---- slots ---------------------------------------------------------------------------------------------------

    struct scratch_use {
        int site = 0, step = 0;
        index size = 0;
        int pool = 0;
    };
    list<scratch_use> scratch_;
    list<index> offset_;

    constexpr void place_buffers() {
        slot_list free[pools];
        staging.resize(g_.outputs.size(), -1);
        offset_.resize(g_.nodes.size(), -1);
        list<int> born, born_next, dying, dying_next;  // lists by step, linked by node
        born.resize(steps.size() + 1, -1), dying.resize(steps.size() + 1, -1);
        born_next.resize(g_.nodes.size(), -1), dying_next.resize(g_.nodes.size(), -1);
        for (int id = g_.nodes.size() - 1; id >= 0; --id) {
            if (birth_.data[id] < 0 || place_of_.data[id] >= 0 || !emitter_.has_memory(id)) continue;
            born_next.data[id] = born.data[birth_.data[id]], born.data[birth_.data[id]] = id;
            dying_next.data[id] = dying.data[death_.data[id]], dying.data[death_.data[id]] = id;
        }
        list<int> staged, staged_next;  // by step, linked by result; -2: not staged
        staged.resize(steps.size() + 1, -1), staged_next.resize(g_.outputs.size(), -2);
        for (const hazard& h : hazards)
            if (staged_next.data[h.output] == -2)
                staged_next.data[h.output] = staged.data[first_write(h.output)],
                staged.data[first_write(h.output)] = h.output;
        int next_scratch = 0;
        for (int s = 0; s < steps.size(); ++s) {
            for (int id = born.data[s]; id >= 0; id = born_next.data[id])
                offset_.data[id] = free[pool_of(id)].take(memory_of(id));
            for (int o = staged.data[s]; o >= 0; o = staged_next.data[o])
                staging.data[o] =
                    free[pool_of(g_.outputs.data[o].node)].take(g_.shape_of(g_.outputs.data[o].node).size());
            const int first = next_scratch;
            for (; next_scratch < scratch_.size() && scratch_.data[next_scratch].step == s; ++next_scratch)
                take_scratch(free, scratch_.data[next_scratch]);
            for (int i = first; i < next_scratch; ++i)
                if (scratch_.data[i].size > 0)
                    free[scratch_.data[i].pool].give_back(sites.data[scratch_.data[i].site].offset,
                                                          scratch_.data[i].size);
            for (int id = dying.data[s]; id >= 0; id = dying_next.data[id])
                free[pool_of(id)].give_back(offset_.data[id], memory_of(id));
        }
        for (int p = 0; p < pools; ++p) pool[p] = free[p].end();
        resolve_sites();
    }

    // Only now it is known how products are multiplied.
    constexpr void reserve_for_products() {
        for (scratch_use& use : scratch_) {
            const step& s = steps.data[use.step];
            if (s.what == step_kind::contraction) use.size = scratch_of(s, sites.data[s.first_site + 1], known);
        }
    }

    constexpr void take_scratch(slot_list (&free)[pools], const scratch_use& use) {
        sites.data[use.site].place = use.pool;
        sites.data[use.site].offset = use.size > 0 ? free[use.pool].take(use.size) : 0;
        steps.data[use.step].scratch[use.site - steps.data[use.step].first_site - 2] = use.size;
    }

    constexpr void resolve_sites() {
        for (int i = 0; i < sites.size(); ++i) {
            const int root = site_root_.data[i];
            if (root < 0) continue;
            if (fused_.what(root) == kind::input) {
                sites.data[i].place = pools + static_cast<int>(g_.nodes.data[root].value);
            } else {
                const int owner = emitter_.owner(root);
                sites.data[i].place = place_of_.data[owner] >= 0 ? place_of_.data[owner] : pool_of(owner);
                if (place_of_.data[owner] < 0) sites.data[i].offset += offset_.data[owner];
            }
        }
    }

    // Small programs are straight code, with nothing between kernels; large ones a loop over a table of shared kernels.
    constexpr bool is_small() const {
        index work = 0;
        for (const step& s : steps) {
            index n = 1;
            for (index e : s.extent) n *= e;
            if (s.what == step_kind::window || s.turns > 0) return false;
            work += s.what == step_kind::contraction ? n * s.k : n * (s.codes + 1);
        }
        return steps.size() <= 24 && work <= 20000;
    }

    // Of a program of more shapes, the time to compile a kernel for each would tell. Kernels of any extents add up in
    // another order: what is counted is only what a loss and its gradients have, with or without the update.
    static constexpr int most_kernels = 48;

    constexpr bool has_many_shapes() const {
        constexpr unsigned size = 128;
        list<int> table;
        table.zeros(size);  // of steps, from 1 on: see kernel_sharing
        int shapes = 0;
        for (int i = 0; i < steps.size(); ++i) {
            const step& s = steps.data[i];
            if (s.what != step_kind::contraction && s.what != step_kind::reduce) continue;
            unsigned at = static_cast<unsigned>((s.extent[0] * 509 + s.extent[1]) * 509 + s.extent[2] + s.k * 127);
            for (at %= size; table.data[at] > 0 && !adds_alike(steps.data[table.data[at] - 1], s);) at = (at + 1) % size;
            if (table.data[at] == 0 && ++shapes > most_kernels) return true;
            if (table.data[at] == 0) table.data[at] = i + 1;
        }
        return false;
    }
    static constexpr bool adds_alike(const step& x, const step& y) {
        if (x.what != y.what || x.rank != y.rank || x.kept != y.kept || x.k != y.k || x.transpose_a != y.transpose_a ||
            x.transpose_b != y.transpose_b)
            return false;
        for (int d = 0; d < x.rank; ++d)
            if (x.extent[d] != y.extent[d]) return false;
        return true;
    }
};

}  // namespace ashlar::detail
