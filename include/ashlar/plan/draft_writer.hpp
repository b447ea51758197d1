// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/plan/axes.hpp"

namespace ashlar::detail {

/// The draft that is being written, and the registers of its current loop body.
class draft_writer : public drafts {
public:
    constexpr void begin_drafts(int nodes) {
        register_of_node.zeros(nodes);
        stamp_of_node.zeros(nodes);  // loop bodies are counted from 1 on
        read.zeros(nodes);
    }

    list<int> register_of_node, stamp_of_node;  // of a node: where it is, if the stamp is the current loop body's
    list<int> read;                             // nodes that some step loads
    int space_rank = 0;                         // axes that loads are aligned with
    dtype compute_type = dtype::boolean;        // of all registers of the loop body together

    constexpr void begin_draft(int id, kind what, int block) {
        now = {};
        now.base.what = what;
        now.base.node = id;
        now.first_load = loads.size();
        now.first_result = results.size();
        now.block = block;
        begin_body();
    }
    constexpr void begin_body() { ++here_, registers_ = 0, assign(compute_type, dtype::boolean); }
    // What comes before the loop body of the epilogue: operands of the kernel and, if there is one, a loop body in axes
    // of its own.
    constexpr void end_inner_body(bool exists) {
        now.inner_loads = loads.size() - now.first_load, now.inner_results = results.size() - now.first_result;
        if (!exists) return;
        step& b = now.base;
        b.codes = code.size() - b.first_code;
        b.between = first_axes(b, b.rank);
        begin_body();
    }
    constexpr void finish() {
        now.loads = loads.size() - now.first_load;
        now.results = results.size() - now.first_result;
        steps.push(now);
    }

    constexpr void set_space(const shape& s) {
        now.base.rank = s.rank;
        for (int i = 0; i < max_rank; ++i) now.base.extent[i] = s[i];
        space_rank = s.rank;
    }

    constexpr bool is_here(int id) const { return stamp_of_node.data[id] == here_; }
    constexpr dtype compute() const { return register_type(compute_type); }

    // The line that made a register of the current loop body.
    constexpr instruction& in_body(int number) { return code.data[code.size() - registers_ + number]; }
    constexpr const instruction& in_body(int number) const { return code.data[code.size() - registers_ + number]; }
    constexpr int append(const instruction& i, int id) {
        code.push(i);
        if (!i.is_constant()) assign(compute_type, promote(compute_type, i.type));
        return same_register(id, registers_++);
    }
    constexpr int same_register(int id, int number) {
        stamp_of_node.data[id] = here_;
        return register_of_node.data[id] = number;
    }

    constexpr void add_operand(const access& a) {
        loaded l{};
        l.root = a.root;
        l.where.offset = a.offset;
        copy_strides(l.where.stride, a.stride);
        read.data[a.root] = 1;
        loads.push(l);
    }

    /// Memory for the kernel alone.
    constexpr void add_scratch(index size, dtype type) {
        loads.push({{}, loaded::no_root, size, static_cast<int>(type)});
    }

private:
    int here_ = 0;  // the number of the current loop body
    int registers_ = 0;
};

}  // namespace ashlar::detail
