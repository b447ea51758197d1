// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/plan/planned.hpp"

namespace ashlar::detail {

/// Blocks of steps that go through their rows tile by tile: all of them on a few rows, then all on the next few.
///   in   steps, birth, death; lowered: the block of each step
///   out  steps: block, tiles, extents; operands: advance; block_begin, block_end, tile_rows, local; birth and death,
///        as what is born in a block and read after it is there from its first step on, what dies in it to its last
template <class Graph> class tiles {
public:
    constexpr explicit tiles(planned<Graph>& p) : p_{p}, g_{p.g} {}

    constexpr void find() {
        p_.block_begin.resize(p_.steps.size(), no_index), p_.block_end.resize(p_.steps.size(), no_index);
        for (int first = 0; first < p_.steps.size();) {
            int end = first + 1;
            const int block = p_.lowered.steps.data[first].block;
            while (block >= 0 && end < p_.steps.size() && p_.lowered.steps.data[end].block == block) ++end;
            for (int s = first; block >= 0 && s < end; ++s)
                p_.steps.data[s].tiles = p_.steps.data[s].extent[0], p_.block_begin.data[s] = first,
                p_.block_end.data[s] = end - 1;
            if (block >= 0) p_.steps.data[first].block = end - first;
            first = end;
        }
        p_.tile_rows.resize(p_.steps.size(), 1), p_.local.zeros(g_.nodes.size());
        for (int s = 0; s < p_.steps.size(); ++s)
            if (p_.block_begin.data[s] >= 0)
                p_.tile_rows.data[s] = p_.block_begin.data[s] == s ? rows_of_tile(s) : p_.tile_rows.data[s - 1];
        for (int id = 0; id < g_.nodes.size(); ++id) {
            p_.local.data[id] = p_.birth.data[id] >= 0 && p_.buffer_of.data[id] < 0 &&
                                        p_.in_one_block(p_.birth.data[id], p_.death.data[id])
                                    ? 1
                                    : 0;
            if (p_.is_local(id)) continue;
            if (p_.birth.data[id] >= 0 && p_.block_begin.data[p_.birth.data[id]] >= 0)
                p_.birth.data[id] = p_.block_begin.data[p_.birth.data[id]];
            if (p_.death.data[id] >= 0 && p_.block_end.data[p_.death.data[id]] >= 0)
                p_.death.data[id] = p_.block_end.data[p_.death.data[id]];
        }
    }

    /// When everything has its place: the steps of a block run on the rows of a tile.
    constexpr void divide() {
        for (int s = 0; s < p_.steps.size(); ++s) {
            if (p_.block_begin.data[s] < 0) continue;
            step& now = p_.steps.data[s];
            const index rows = p_.tile_rows.data[s];
            for (int i = now.first_operand; i < now.first_operand + now.operands; ++i)
                p_.operands.data[i].advance = p_.operand_root.data[i] >= 0 && p_.is_local(p_.operand_root.data[i])
                                                  ? 0
                                                  : rows * p_.operands.data[i].stride[0];
            now.tiles /= rows, now.extent[0] = rows;
        }
    }

private:
    planned<Graph>& p_;
    const Graph& g_;

    // The rows of one tile: as many as leave room for several arrays in the first cache.
    constexpr index rows_of_tile(int first) const {
        index largest = 1, rows = p_.steps.data[first].tiles, chosen = 1;
        for (int s = first; s <= p_.block_end.data[first]; ++s) {
            index row = 1;
            for (int d = 1; d < p_.steps.data[s].rank; ++d) row *= p_.steps.data[s].extent[d];
            largest = row > largest ? row : largest;
        }
        for (index n = 2; n <= rows && n * largest <= tile_size; ++n) chosen = rows % n == 0 ? n : chosen;
        return chosen;
    }
    static constexpr index tile_size = 4096;  // elements
};

}  // namespace ashlar::detail
