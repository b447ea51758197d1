// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/plan/draft.hpp"

namespace ashlar::detail {

/// The steps of a program so far, as drafts, with all their instructions and operands. The one that is being written is
/// `now`; here its axes become as few as they can be: x + y of 4 x 8 is one loop over 32 elements; where a row is
/// added to every row of x, the loops stay two.
class drafts {
public:
    list<draft> steps;
    list<instruction> code;
    list<loaded> loads;
    list<computed> results;
    draft now{};  // the one that is being written

    // Rows that are gone through one by one stay an axis.
    constexpr int first_axis() const { return now.block < 0 ? 0 : 1; }

    // Drops axes of extent 1 and joins neighbours that every operand crosses in one stride, within [from, to).
    constexpr void collapse(int from, int to, int first_load, int first_result) { collapse(from, to, first_load, first_result, loads.size()); }
    constexpr void collapse(int from, int to, int first_load, int first_result, int last_load) {
        step& b = now.base;
        for (int d = to - 1; d >= from; --d) {
            const bool unit = b.extent[d] == 1;
            bool joined = !unit && d > from;
            for (int l = first_load; joined && l < last_load; ++l)
                joined = crosses(loads.data[l].where, d, b.extent[d]);
            for (int r = first_result; joined && r < results.size(); ++r)
                joined = crosses(results.data[r].where, d, b.extent[d]);
            if (!unit && !joined) continue;
            if (joined) b.extent[d - 1] *= b.extent[d];
            for (int l = first_load; l < last_load; ++l) merge(loads.data[l].where, d, joined);
            for (int r = first_result; r < results.size(); ++r) merge(results.data[r].where, d, joined);
            for (int i = d; i + 1 < max_rank; ++i) b.extent[i] = b.extent[i + 1];
            b.extent[max_rank - 1] = 1;
            --b.rank;
        }
    }
    // The kept axes of a reduction: loop operands, epilogue operands and results alike.
    constexpr void collapse_kept() {
        const int before = now.base.rank;
        collapse(first_axis(), now.base.kept, now.first_load, now.first_result, loads.size());
        now.base.kept -= before - now.base.rank;
        if (now.base.kept == 0) now.base.inner_kept = false;
    }

    // Notes for every load of a loop body how it moves along the innermost axis.
    constexpr void settle(int first, int count, int first_load, int inner) {
        int operand = first_load;
        for (int i = first; i < first + count; ++i) {
            if (code.data[i].from != source::load) continue;
            const index stride = inner < 0 ? 0 : loads.data[operand].where.stride[inner];
            code.data[i].inner = stride == 0 ? along::stays : stride == 1 ? along::runs : along::strides;
            ++operand;
        }
    }
};

}  // namespace ashlar::detail
