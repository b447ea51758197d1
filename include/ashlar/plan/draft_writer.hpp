// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/plan/axes.hpp"

namespace ashlar::detail {

/// The draft that is being written, and the registers of its current group.
class draft_writer : public drafts {
protected:
    constexpr void begin_drafts(int nodes) {
        register_.zeros(nodes);
        stamp_.zeros(nodes);  // groups are counted from 1 on
        read_.zeros(nodes);
    }

    list<int> register_, stamp_;  // of a node: where it is, if the stamp is the current group's
    list<int> read_;              // nodes that some step loads
    int space_rank_ = 0;          // axes that loads are aligned with
    dtype compute_ = dtype::boolean;

    constexpr void begin_draft(int id, step_kind what, int block) {
        now_ = {};
        now_.base.what = what;
        now_.base.node = id;
        now_.first_load = loads.size();
        now_.first_result = results.size();
        now_.block = block;
        begin_group();
    }
    constexpr void begin_group() { ++here_, registers_ = 0, compute_ = dtype::boolean; }
    // What comes before the group of the epilogue: operands of the kernel and, if there is one, a group in axes of its own.
    constexpr void end_inner_group(bool exists) {
        now_.inner_loads = loads.size() - now_.first_load, now_.inner_results = results.size() - now_.first_result;
        if (!exists) return;
        step& b = now_.base;
        b.codes = code.size() - b.first_code;
        b.between = first_axes(b, b.rank);
        begin_group();
    }
    constexpr void finish() {
        now_.loads = loads.size() - now_.first_load;
        now_.results = results.size() - now_.first_result;
        steps.push(now_);
    }

    constexpr void set_space(const shape& s) {
        now_.base.rank = s.rank;
        for (int i = 0; i < max_rank; ++i) now_.base.extent[i] = s[i];
        space_rank_ = s.rank;
    }

    constexpr bool is_here(int id) const { return stamp_.data[id] == here_; }
    constexpr dtype compute() const { return compute_ == dtype::boolean ? dtype::int32 : compute_; }

    // The line that made a register of the current group.
    constexpr instruction& in_group(int number) { return code.data[code.size() - registers_ + number]; }
    constexpr int append(const instruction& i, int id) {
        code.push(i);
        return same_register(id, registers_++);
    }
    constexpr int same_register(int id, int number) {
        stamp_.data[id] = here_;
        return register_.data[id] = number;
    }

    constexpr void add_operand(const access& a) {
        loaded l{};
        l.root = a.root;
        l.where.offset = a.offset;
        copy_strides(l.where.stride, a.stride);
        read_.data[a.root] = 1;
        loads.push(l);
    }

private:
    int here_ = 0;  // the number of the current group
    int registers_ = 0;
};

}  // namespace ashlar::detail
