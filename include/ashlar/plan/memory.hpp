// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/plan/planned.hpp"
#include "ashlar/plan/slots.hpp"

namespace ashlar::detail {

/// Slots for buffers, for as long as they are read, for scratch, and for copies of results that hazards ask for.
///   in   steps, operands, operand_root, scratch, buffer_of, birth, death, hazards, tiles; known
///   out  operands: buffer, offset; steps: scratch; staging, pool
template <class Graph> class memory {
public:
    constexpr explicit memory(planned<Graph>& p) : p_{p}, g_{p.g} {}

    constexpr void give() {
        reserve_scratch();
        slot_list free[pools];
        p_.staging.resize(g_.outputs.size(), no_index);
        p_.offset.resize(g_.nodes.size(), no_index);
        list<int> born, born_next, dying, dying_next;  // lists by step, linked by node
        born.resize(p_.steps.size() + 1, no_index), dying.resize(p_.steps.size() + 1, no_index);
        born_next.resize(g_.nodes.size(), no_index), dying_next.resize(g_.nodes.size(), no_index);
        for (int id = g_.nodes.size() - 1; id >= 0; --id) {
            if (p_.birth.data[id] < 0 || p_.buffer_of.data[id] >= 0 || !p_.lowered.has_memory(id)) continue;
            born_next.data[id] = born.data[p_.birth.data[id]], born.data[p_.birth.data[id]] = id;
            dying_next.data[id] = dying.data[p_.death.data[id]], dying.data[p_.death.data[id]] = id;
        }
        constexpr int not_staged = -2;
        list<int> staged, staged_next;  // by step, linked by result
        staged.resize(p_.steps.size() + 1, no_index), staged_next.resize(g_.outputs.size(), not_staged);
        for (const hazard& h : p_.hazards)
            if (staged_next.data[h.output] == not_staged)
                staged_next.data[h.output] = staged.data[p_.first_write(h.output)],
                staged.data[p_.first_write(h.output)] = h.output;
        int next_scratch = 0;
        for (int s = 0; s < p_.steps.size(); ++s) {
            for (int id = born.data[s]; id >= 0; id = born_next.data[id])
                p_.offset.data[id] = free[p_.pool_of(id)].take(p_.memory_of(id));
            for (int o = staged.data[s]; o >= 0; o = staged_next.data[o])
                p_.staging.data[o] =
                    free[p_.pool_of(g_.outputs.data[o].node)].take(g_.shape_of(g_.outputs.data[o].node).size());
            const int first = next_scratch;
            for (; next_scratch < p_.scratch.size() && p_.scratch.data[next_scratch].step == s; ++next_scratch)
                take_scratch(free, p_.scratch.data[next_scratch]);
            for (int i = first; i < next_scratch; ++i)
                if (p_.scratch.data[i].size > 0)
                    free[p_.scratch.data[i].pool].give_back(p_.operands.data[p_.scratch.data[i].operand].offset,
                                                            p_.scratch.data[i].size);
            for (int id = dying.data[s]; id >= 0; id = dying_next.data[id])
                free[p_.pool_of(id)].give_back(p_.offset.data[id], p_.memory_of(id));
        }
        for (int p = 0; p < pools; ++p) p_.pool[p] = free[p].end();
        resolve_operands();
    }

private:
    planned<Graph>& p_;
    const Graph& g_;
    using scratch_use = planned<Graph>::scratch_use;

    // Some kernels are chosen only when the layout is known.
    constexpr void reserve_scratch() {
        for (scratch_use& use : p_.scratch) {
            const step& s = p_.steps.data[use.step];
            kinds<Graph>::reserve(s, p_.operands.data + s.first_operand, p_.known, use.size);
        }
    }

    constexpr void take_scratch(slot_list (&free)[pools], const scratch_use& use) {
        p_.operands.data[use.operand].buffer = use.pool;
        p_.operands.data[use.operand].offset = use.size > 0 ? free[use.pool].take(use.size) : 0;
        p_.steps.data[use.step].scratch[use.operand - p_.steps.data[use.step].first_operand - 2] = use.size;
    }

    constexpr void resolve_operands() {
        for (int i = 0; i < p_.operands.size(); ++i) {
            const int root = p_.operand_root.data[i];
            if (root < 0) continue;
            if (p_.fused.facts(root).is_input) {
                p_.operands.data[i].buffer = pools + static_cast<int>(g_.nodes.data[root].value);
            } else {
                const int owner = p_.lowered.owner(root);
                p_.operands.data[i].buffer =
                    p_.buffer_of.data[owner] >= 0 ? p_.buffer_of.data[owner] : p_.pool_of(owner);
                if (p_.buffer_of.data[owner] < 0) p_.operands.data[i].offset += p_.offset.data[owner];
            }
        }
    }
};

}  // namespace ashlar::detail
