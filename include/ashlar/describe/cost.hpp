// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/describe/print.hpp"
#include "ashlar/kinds/all.hpp"

namespace ashlar::detail {

constexpr long long code_flops(const term* code, int count) {
    long long n = 0;
    for (int i = 0; i < count; ++i) n += code[i].flops();
    return n;
}

/// A plan as data without functions: what describing it needs.
struct program_view {
    term_list graph;
    const output* outputs = nullptr;
    int output_count = 0;
    const step* steps = nullptr;
    int count = 0, kernels = 0;
    const term* code = nullptr;
    const store_instruction* stores = nullptr;
    const step_operand* operands = nullptr;
    const index *staging = nullptr, *pool = nullptr;
    knowledge known = knowledge::dynamic;

    constexpr long long inner_flops(const step& s) const { return code_flops(code + s.first_code, s.codes); }
    constexpr long long epilogue_flops(const step& s) const { return code_flops(code + s.first_epilogue, s.epilogues); }
};

/// What an input of a step's code is: an operand in memory, or what the kernel itself computes.
inline constexpr double in_memory = 0, of_kernel = 1;

/// An instruction as a term: a load is an input, whose label the reader of the step sets; so is the kernel's own
/// result.
constexpr term term_of(const instruction& i, int arity) {
    if (i.computes()) {
        term t{*i.op, i.type};
        t.count = arity;
        t.argument[0] = i.a, t.argument[1] = i.b, t.argument[2] = i.c;
        return t;
    }
    term t{};
    assign(t.type, i.loads() ? i.stored : dtype::float64);
    t.become(i.is_constant() ? kind::constant : kind::input);
    t.value = i.is_constant() ? std::bit_cast<double>(i.bits) : i.is_accumulator() ? of_kernel : in_memory;
    return t;
}

constexpr dtype type_in_memory(const term& load) { return load.type; }
constexpr bool is_load(const term& line) { return line.facts.is_input && line.value == in_memory; }

template <class Spec> struct plan_sketch {
    static constexpr int count = plan_of_program<Spec>.steps.count;
    step steps[bound_of(count + 1)]{};
    term code[plan_of_program<Spec>.code.count + 1]{};
    store_instruction stores[plan_of_program<Spec>.stores.count + 1]{};
    step_operand operands[plan_of_program<Spec>.operands.count + 1]{};
    index staging[plan_of_program<Spec>.staging.count + 1]{};
    index pool[pools]{};
    int kernels = 0;

    constexpr plan_sketch() {
        constexpr auto& p = plan_of_program<Spec>;
        for (int i = 0; i < count; ++i) {
            steps[i] = p.steps[i];
            if (steps[i].tiles > 0) steps[i].extent[0] *= steps[i].tiles;
            if (steps[i].kernel >= kernels) kernels = steps[i].kernel + 1;
        }
        for (int i = 0; i < p.code.count; ++i)
            code[i] = term_of(p.code[i], p.code[i].from == source::op ? p.code[i].op->arity : 0);
        for (int i = 0; i < p.stores.count; ++i) stores[i] = p.stores[i];
        for (int i = 0; i < p.operands.count; ++i) operands[i] = p.operands[i];
        for (int i = 0; i < p.staging.count; ++i) staging[i] = p.staging[i];
        for (int i = 0; i < pools; ++i) pool[i] = p.pool[i];
    }
    constexpr program_view view() const {
        return {sketch_of<Spec>.list(),
                sketch_of<Spec>.outputs,
                graph_of_program<Spec>.outputs.count,
                steps,
                count,
                kernels,
                code,
                stores,
                operands,
                staging,
                pool,
                plan_of_program<Spec>.known};
    }
};
template <class Spec> inline constexpr plan_sketch<Spec> sketch_of_plan{};

// ---- what it costs -------------------------------------------------------------------------------------------------
// (View is `program_view`: as templates they are looked at only where a plan is printed.)

/// What a step computes: two flops for a multiplication and addition, `cost` for an element of an element-wise op.
template <class View> constexpr long long step_flops(const View& p, const step& s) {
    long long n = 0;
    kinds<View>::visit(s.what, [&](auto rules) { n = rules.flops(p, s); });
    return n;
}

/// What a step reads and writes, every operand once; scratch does not count.
template <class View> constexpr long long step_bytes(const View& p, const step& s) {
    long long n = 0;
    kinds<View>::visit(s.what, [&](auto rules) { n = rules.own_bytes(p, s); });
    const space axes[] = {axes_of(s, false), axes_of(s, true)};
    for_each_operand(s, p.code, p.stores, [&](const operand_use& use) {
        const space& loop = axes[use.in_epilogue ? 1 : 0];
        n += operand_bytes(loop.extent, p.operands[s.first_operand + use.number], loop.rank, use.type);
    });
    return n;
}

struct program_cost {
    long long flops = 0, bytes = 0;
};
template <class View> constexpr program_cost cost_of(const View& p) {
    program_cost c;
    for (int i = 0; i < p.count; ++i) c.flops += step_flops(p, p.steps[i]), c.bytes += step_bytes(p, p.steps[i]);
    return c;
}

}  // namespace ashlar::detail
