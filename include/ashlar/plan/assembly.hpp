// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/plan/planned.hpp"

namespace ashlar::detail {

/// Steps with their stores and operands in order, and how long every buffer is needed.
///   in   the graph's results; lowered: drafts of steps with what they load and compute
///   out  steps, stores, operands, code; operand_root, scratch, buffer_of, birth, death, output_step
template <class Graph> class assembly {
public:
    constexpr explicit assembly(planned<Graph>& p) : p_{p}, g_{p.g} {}

    constexpr void write() {
        list_results();
        for (int s = 0; s < p_.lowered.steps.size(); ++s) {
            draft d = p_.lowered.steps.data[s];
            step out = d.base;
            out.first_operand = p_.operands.size();
            for (int i = d.first_load; i < d.first_load + d.inner_loads; ++i) add_operand(p_.lowered.loads.data[i], s);
            out.first_store = p_.stores.size();
            for (int i = d.first_result; i < d.first_result + d.inner_results; ++i)
                add_stores(p_.lowered.results.data[i], out.between, s, out.stores);
            for (int i = d.first_load + d.inner_loads; i < d.first_load + d.loads; ++i)
                add_operand(p_.lowered.loads.data[i], s);
            int& first = d.has_epilogue ? out.first_epilogue_store : out.first_store;
            int& count = d.has_epilogue ? out.epilogue_stores : out.stores;
            first = p_.stores.size();
            const space axes = first_axes(out, result_rank(out));
            for (int i = d.first_result + d.inner_results; i < d.first_result + d.results; ++i)
                add_stores(p_.lowered.results.data[i], axes, s, count);
            out.operands = p_.operands.size() - out.first_operand;
            p_.steps.push(out);
        }
        for (const instruction& i : p_.lowered.code) p_.code.push(i);
    }

private:
    planned<Graph>& p_;
    const Graph& g_;

    constexpr void list_results() {
        const int nodes = g_.nodes.size(), results = g_.outputs.size();
        p_.buffer_of.resize(nodes, no_index), p_.birth.resize(nodes, no_index), p_.death.resize(nodes, no_index);
        p_.first_output.resize(nodes, no_index), p_.result_in.resize(nodes, no_index);
        p_.next_output.resize(results, no_index), p_.output_step.resize(results, no_index);
        for (int o = results - 1; o >= 0; --o) {
            const int id = g_.outputs.data[o].node;
            p_.next_output.data[o] = p_.first_output.data[id], p_.first_output.data[id] = o;
            p_.buffer_of.data[p_.lowered.owner(id)] = g_.outputs.data[o].buffer;
            p_.result_in.data[p_.lowered.owner(id)] = id;
        }
    }

    constexpr void add_operand(const loaded& l, int s) {
        p_.operands.push(l.where);
        p_.operand_root.push(l.root);
        if (l.root >= 0) p_.death.data[p_.lowered.owner(l.root)] = s;
        if (l.root < 0) p_.scratch.push({p_.operands.size() - 1, s, l.size, l.pool});
    }

    constexpr void add_stores(const computed& r, const space& axes, int s, int& count) {
        const int owner = p_.lowered.owner(r.node);
        if (p_.birth.data[owner] < 0) p_.birth.data[owner] = s;
        if (p_.death.data[owner] < s) p_.death.data[owner] = s;
        // Every part of a chain of placements goes to all results that its last one is.
        const int result = p_.result_in.data[owner] < 0 ? r.node : p_.result_in.data[owner];
        if (p_.first_output.data[result] < 0 && p_.lowered.read_elsewhere(r.node)) store(r, axes, no_index, count);
        for (int o = p_.first_output.data[result]; o >= 0; o = p_.next_output.data[o])
            store(r, axes, g_.outputs.data[o].buffer, count), p_.output_step.data[o] = s;
    }

    constexpr void store(const computed& r, const space& axes, int buffer, int& count) {
        step_operand where = r.where;
        where.buffer = buffer;
        p_.operands.push(where);
        p_.operand_root.push(buffer < 0 ? r.node : planned<Graph>::is_result);
        const int inner = axes.rank - 1;
        const bool runs = inner < 0 || axes.extent[inner] == 1 || where.stride[inner] == 1;
        p_.stores.push({r.reg, g_.nodes.data[r.node].type, runs ? along::runs : along::strides, r.part});
        ++count;
    }
};

}  // namespace ashlar::detail
