// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/plan/lowering.hpp"

namespace ashlar::detail {

/// A program of more kernels takes its time to compile: then some of them are shared.
inline constexpr int most_kernels = 48;

/// A plan while it is made: what the passes of plan.hpp leave to those after them.
template <class Graph> struct planned {
    // The plan itself.
    list<step> steps;
    list<instruction> code;
    list<store_instruction> stores;
    list<step_operand> operands;
    list<hazard> hazards;
    list<index> staging;  // for every output the offset of a copy that protects its readers, or no_index
    index pool[pools] = {};
    knowledge known = knowledge::unrolled;
    bool is_brief = false;     // so little straight code that a call would cost as much: mlp/2-8-2 of bench/
    bool shared_maps = false;  // of a fixed layout, but element-wise steps go through kernels of any extents

    // What it is made from.
    const Graph& g;
    fusion<Graph> fused;
    step_order order;
    lowering<Graph> lowered;

    // Of an operand: the node whose memory it is, or one of these.
    static constexpr int is_scratch = -1, is_result = -2;
    list<int> operand_root;
    struct scratch_use {
        int operand = 0, step = 0;
        index size = 0;
        int pool = 0;
    };
    list<scratch_use> scratch;

    // Of a node, or no_index: the result that its buffer is, the steps that write it first and use it last, where it
    // lies in its pool; whether nothing outside of a block of tiles reads it.
    list<int> buffer_of, birth, death, local;
    list<index> offset;
    // The results a node is, a linked list; of an owner, the result that lies in its buffer.
    list<int> first_output, next_output, result_in;
    list<int> output_step;  // of a result: where it is written

    // Of a step, or no_index: the ends of its block; the rows of a tile.
    list<int> block_begin, block_end;
    list<index> tile_rows;

    constexpr explicit planned(const Graph& graph) : g{graph}, fused{graph}, lowered{fused, order} {}

    constexpr int pool_of(int id) const { return static_cast<int>(g.nodes.data[id].type); }
    // A chain of placements writes its result from its first step on.
    constexpr int first_write(int o) const { return birth.data[lowered.owner(g.outputs.data[o].node)]; }
    constexpr bool in_one_block(int s, int t) const {
        return block_begin.data[s] >= 0 && block_begin.data[s] == block_begin.data[t];
    }
    // A buffer that nothing outside of a block sees needs the rows of one tile only.
    constexpr bool is_local(int id) const { return local.data[id] != 0; }
    constexpr index memory_of(int id) const {
        const index size = g.shape_of(id).size();
        return is_local(id) ? size / (steps.data[birth.data[id]].tiles / tile_rows.data[birth.data[id]]) : size;
    }
};

}  // namespace ashlar::detail
