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
    constexpr void collapse(int from, int to, int first_load, int first_result) {
        collapse(from, to, first_load, first_result, loads.size());
    }
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
        const bool is_inner = first == now.base.first_code && now.base.codes > 0;
        const dtype kernel = is_inner ? now.base.compute : accumulated(now.base);
        for (int i = first; i < first + count; ++i)
            if (!are_same(code.data[i].type, kernel)) {
                unify(first, count, kernel, is_inner);
                break;
            }
        int operand = first_load;
        for (int i = first; i < first + count; ++i) {
            if (!code.data[i].loads()) continue;
            const index stride = inner < 0 ? 0 : loads.data[operand].where.stride[inner];
            code.data[i].inner = stride == 0 ? along::stays : stride == 1 ? along::runs : along::strides;
            ++operand;
        }
    }

private:
    // Loads and constants that only ops of the kernel's type read come in that type: as good as converted where they
    // are read, and a loop of one type is less code. So do whole numbers that are compared with a small constant,
    // labels == -100: a float next to it has none of them.
    constexpr void unify(int first, int count, dtype kernel, bool is_inner) {
        instruction* const line = code.data + first;
        const int result = is_inner && now.has_epilogue ? now.base.result : no_index,
                  first_stored = now.first_result + (is_inner ? 0 : now.inner_results),
                  stored = is_inner && now.has_epilogue ? now.first_result + now.inner_results : results.size();
        for (int i = 0; i < count && is_floating(kernel); ++i)
            if (line[i].computes() && is_boolean(line[i].stored) && !is_floating(line[i].type) &&
                line[i].op->arity == 2 && asks_for_small_number(line, i))
                assign(line[i].type, kernel);
        for (int i = 0; i < count; ++i) {
            if (are_same(line[i].type, kernel) || !may_come_in(line[i], kernel)) continue;
            bool all = true, any = i == result;
            for (int k = i + 1; k < count; ++k) {
                if (!line[k].computes()) continue;
                const short reads[] = {line[k].a, line[k].b, line[k].c};
                for (int a = 0; a < line[k].op->arity; ++a)
                    if (reads[a] == i) all = all && are_same(line[k].type, kernel), any = true;
            }
            for (int r = first_stored; r < stored; ++r) all = all && results.data[r].reg != i;
            if (all && any) assign(line[i].type, kernel);
        }
    }
    static constexpr bool asks_for_small_number(const instruction* line, int i) {
        const instruction &a = line[line[i].a], &b = line[line[i].b];
        return (is_small(a) && b.loads()) || (is_small(b) && a.loads());
    }
    static constexpr bool is_small(const instruction& i) {
        const double v = std::bit_cast<double>(i.bits);
        return i.is_constant() && v > -0x1p24 && v < 0x1p24;
    }
    // (A number that is stored in another type than it has becomes that of its own first.)
    static constexpr bool may_come_in(const instruction& i, dtype kernel) {
        if (is_floating(i.type) && !is_floating(kernel)) return false;
        return i.is_constant() ? !is_floating(i.type) : i.loads() && are_same(register_type(i.stored), i.type);
    }
};

}  // namespace ashlar::detail
