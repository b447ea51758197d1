// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/plan/planned.hpp"

namespace ashlar::detail {

/// Results that may be the same memory as an input which is read after, or elsewhere than, the element that is written.
///   in   the graph's inputs and results; steps, operands, birth, output_step, blocks; known
///   out  hazards
template <class Graph> class aliasing {
public:
    constexpr explicit aliasing(planned<Graph>& p) : p_{p}, g_{p.g} {}

    constexpr void find() {
        list<int> updated_by;  // input -> the result that overwrites it or a possible twin
        updated_by.resize(g_.inputs.size(), no_index);
        list<int> fresh;  // results with memory of their own, which may be that of any input
        for (int o = 0; o < g_.outputs.size(); ++o) {
            if (g_.outputs.data[o].updates >= 0) updated_by.data[g_.inputs.data[g_.outputs.data[o].updates].alias] = o;
            else if (g_.outputs.data[o].to == destination::anywhere) fresh.push(o);
        }
        for (int s = 0; s < p_.steps.size(); ++s)
            for (int i = 0; i < p_.steps.data[s].operands; ++i) {
                const int root = p_.operand_root.data[p_.steps.data[s].first_operand + i];
                if (root < 0 || !p_.fused.facts(root).is_input) continue;
                const int read = static_cast<int>(g_.nodes.data[root].value);
                if (updated_by.data[g_.inputs.data[read].alias] >= 0)
                    inspect(updated_by.data[g_.inputs.data[read].alias], read, s, i);
                for (int o : fresh) inspect(o, read, s, i);
            }
    }

private:
    planned<Graph>& p_;
    const Graph& g_;

    constexpr void inspect(int o, int read, int s, int i) {
        const int first = p_.first_write(o);
        if (s < first) return;
        const bool element = s == p_.output_step.data[o] && reads_where_it_writes(s, i, o);
        const bool unsafe = p_.in_one_block(s, first)
                                ? !reads_the_row_it_writes(s, i, o) || (s >= p_.output_step.data[o] && !element)
                                : s > first || !element;
        // A tensor either is the target or lies apart; but a view may lie somewhere inside a larger one.
        const bool may_be_shifted = g_.inputs.data[read].view || g_.shapes.data[g_.inputs.data[read].extent].size() !=
                                                                     g_.shape_of(g_.outputs.data[o].node).size();
        if (!unsafe && !may_be_shifted) return;
        const bool constant =
            unsafe && s == first && first == p_.output_step.data[o] && i < 2 && reads_before_it_writes(s);
        for (int h = p_.hazards.size() - 1; h >= 0 && p_.hazards.size() - h < 8; --h)
            if (p_.hazards.data[h].output == o && p_.hazards.data[h].input == read) {
                p_.hazards.data[h].shifted = p_.hazards.data[h].shifted && !unsafe;
                p_.hazards.data[h].constant = p_.hazards.data[h].constant && constant;
                return;
            }
        p_.hazards.push({o, read, !unsafe, constant});
    }

    // A product of straight code that is one tile.
    constexpr bool reads_before_it_writes(int s) const {
        const auto& at = p_.steps.data[s];
        if (p_.known != knowledge::unrolled || !facts_of(at.what).reads_matrices()) return false;
        for (int d = 0; d + 2 < at.rank; ++d)
            if (at.extent[d] != 1) return false;
        const kernels::way way = form_of(at, p_.operands.data[at.first_operand + 1], p_.known).way;
        return is_wide(at.compute) ? kernels::is_one_tile<double>(way, at.own.product.m, at.own.product.n)
                                   : kernels::is_one_tile<float>(way, at.own.product.m, at.own.product.n);
    }

    // Operand i of step s is read at the very element that the result is written to, just before.
    constexpr bool reads_where_it_writes(int s, int i, int o) const {
        const step& at = p_.steps.data[s];
        if (i == facts_of(at.what).base_operand) return p_.operands.data[at.first_operand + i].offset == 0;
        if (i < own_operands(at) || at.pools) return false;
        if (facts_of(at.what).reduces && i < epilogue_begin(at)) return false;
        const step_operand& in = p_.operands.data[at.first_operand + i];
        for (int k = 0; k < at.operands; ++k) {
            const step_operand& out = p_.operands.data[at.first_operand + k];
            if (p_.operand_root.data[at.first_operand + k] != planned<Graph>::is_result ||
                out.buffer != g_.outputs.data[o].buffer)
                continue;
            if (facts_of(at.what).reads_step &&
                at.combines()) {  // what is combined is written when all planes have come
                const int last = epilogue_begin(at);
                if (k < last || i < last) return k >= last;
            }
            if (in.offset != out.offset) return false;
            for (int d = 0; d < result_rank(at); ++d)
                if (at.extent[d] != 1 && in.stride[d] != out.stride[d]) return false;
            return true;
        }
        return false;
    }

    // Operand i of a step in the block that writes the result lies as the result does, row by row.
    constexpr bool reads_the_row_it_writes(int s, int i, int o) const {
        const step_operand& in = p_.operands.data[p_.steps.data[s].first_operand + i];
        const index row = g_.shape_of(g_.outputs.data[o].node).size() / p_.steps.data[s].tiles;
        index within = 0;
        for (int d = 1; d < p_.steps.data[s].rank; ++d)
            within += (p_.steps.data[s].extent[d] - 1) * (in.stride[d] < 0 ? row : in.stride[d]);
        return in.offset == 0 && in.stride[0] == row && within < row &&
               g_.shape_of(g_.outputs.data[o].node)[0] == p_.steps.data[s].tiles;
    }

    // The first operand of the epilogue.
    constexpr int epilogue_begin(const step& s) const {
        int first = s.operands;
        for_each_operand(s, p_.code.data, p_.stores.data, [&first](const operand_use& use) {
            if (use.in_epilogue && use.number < first) first = use.number;
        });
        return first;
    }
};

}  // namespace ashlar::detail
