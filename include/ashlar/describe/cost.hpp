// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/describe/print.hpp"

namespace ashlar::detail {

/// A plan as data without functions: what describing it needs.
struct program_view {
    term_list graph;
    const output* outputs = nullptr;
    int output_count = 0;
    const step* steps = nullptr;
    int count = 0, kernels = 0;
    const term* code = nullptr;
    const store_instruction* stores = nullptr;
    const site* sites = nullptr;
    const index *staging = nullptr, *pool = nullptr;
    knowledge known = knowledge::dynamic;
};

/// An instruction as a term: a load is an input, whose label the reader of the step sets; the kernel's own result is input -1.
constexpr term term_of(const instruction& i, int arity) {
    if (i.from == source::op) {
        term t{*i.op, i.type};
        t.count = arity;
        t.argument[0] = i.a, t.argument[1] = i.b, t.argument[2] = i.c;
        return t;
    }
    term t{};
    t.type = i.type;
    t.become(i.from == source::constant ? kind::constant : kind::input);
    t.value = i.from == source::constant ? std::bit_cast<double>(i.bits) : i.from == source::accumulator ? -1 : 0;
    return t;
}

template <class Spec> struct plan_sketch {
    static constexpr int count = plan_of_program<Spec>.steps.count;
    step steps[bound_of(count + 1)]{};
    term code[plan_of_program<Spec>.code.count + 1]{};
    store_instruction stores[plan_of_program<Spec>.stores.count + 1]{};
    site sites[plan_of_program<Spec>.sites.count + 1]{};
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
        for (int i = 0; i < p.sites.count; ++i) sites[i] = p.sites[i];
        for (int i = 0; i < p.staging.count; ++i) staging[i] = p.staging[i];
        for (int i = 0; i < pools; ++i) pool[i] = p.pool[i];
    }
    constexpr program_view view() const {
        return {sketch_of<Spec>.list(), sketch_of<Spec>.outputs, graph_of_program<Spec>.outputs.count, steps, count, kernels, code, stores,
                sites, staging, pool, plan_of_program<Spec>.known};
    }
};
template <class Spec> inline constexpr plan_sketch<Spec> sketch_of_plan{};

// ---- what it costs -------------------------------------------------------------------------------------------------

constexpr long long flops_of(const term& t) { return t.is_leaf() || t.is_transparent() ? 0 : t.cost; }

constexpr long long code_flops(const term* code, int count) {
    long long n = 0;
    for (int i = 0; i < count; ++i) n += flops_of(code[i]);
    return n;
}

constexpr long long elements(const step& s, int from, int to) {
    long long n = 1;
    for (int i = from; i < to; ++i) n *= s.extent[i];
    return n;
}

/// Two flops for every product of a convolution, one for every element that a pool compares.
constexpr long long windows_flops(const windows& w) {
    const long long planes = (w.what == sliding::weight ? 1 : w.batch) * w.planes();
    if (is_pool(w.what)) return planes * w.output() * w.taps();
    // Windows that lie beside the image in part count as whole ones; the gradient of an image is as much as the output.
    return 2 * w.batch * w.features * w.output() * w.group_channels() * w.taps();
}
constexpr long long elements(const space& s) {
    long long n = 1;
    for (int i = 0; i < s.rank; ++i) n *= s.extent[i];
    return n;
}

/// What a step computes: two flops for a multiplication and addition, `cost` for an element of an element-wise op.
constexpr long long step_flops(const program_view& p, const step& s) {
    const long long inner = code_flops(p.code + s.first_code, s.codes), outer = code_flops(p.code + s.first_epilogue, s.epilogues);
    const long long space = elements(s, 0, s.rank);
    switch (s.what) {
        case step_kind::map: return space * inner;
        case step_kind::reduce: return space * (inner + 1) + elements(s, 0, s.kept) * outer;
        case step_kind::window: return windows_flops(s.slide) + elements(s.between) * (inner + (s.combines() ? 1 : 0)) + (s.pools ? windows_flops(s.pooled) : 0) + space * outer;
        case step_kind::contraction: return s.combines() ? space * (2 * s.k + inner + 1) + space / s.m * outer : space * (2 * s.k + outer);
        default: return 0;
    }
}

constexpr index element_bytes(dtype t) { return is_wide(t) ? 8 : t == dtype::boolean ? 1 : 4; }

constexpr long long site_bytes(const index* extent, const site& w, int rank, dtype type) {
    long long n = element_bytes(type);
    for (int i = 0; i < rank; ++i)
        if (w.stride[i] != 0) n *= extent[i];
    return n;
}

// Both arguments of a step of windows.
constexpr long long window_bytes(const step& s) {
    const windows& w = s.slide;
    const long long image = w.batch * w.channels * w.image(), output = w.batch * w.features * w.output(), weight = w.features * w.group_channels() * w.taps();
    const long long n = w.what == sliding::pool ? image : w.what == sliding::pool_pick ? 2 * image : w.what == sliding::output ? image + weight
                      : w.what == sliding::image ? output + weight : image + output;
    return n * element_bytes(s.compute);
}

/// What a step reads and writes, every operand once; scratch does not count.
constexpr long long step_bytes(const program_view& p, const step& s) {
    const bool reduces = s.what == step_kind::reduce;
    int at = s.first_site;
    long long n = 0;
    if (s.what == step_kind::contraction) {
        const long long batch = elements(s, 0, s.rank - 2);
        n += (p.sites[at].stride[0] != 0 || s.rank == 2 ? batch : 1) * s.m * s.k * element_bytes(s.compute);
        n += (p.sites[at + 1].stride[0] != 0 || s.rank == 2 ? batch : 1) * s.k * s.n * element_bytes(s.compute);
        at += 3;
    }
    if (s.what == step_kind::window) n += window_bytes(s), at += own_sites(s);
    const auto loads = [&](int first, int count, int rank, const index* extent) {
        for (int i = first; i < first + count; ++i)
            if (p.code[i].facts.is_input && p.code[i].value == 0) n += site_bytes(extent, p.sites[at++], rank, p.code[i].type);
    };
    const auto stored = [&](int first, int count, int rank, const index* extent) {
        for (int i = first; i < first + count; ++i) n += site_bytes(extent, p.sites[at++], rank, p.stores[i].type);
    };
    const bool inner = s.what == step_kind::window || s.combines();  // its first group has axes of its own, and comes before the other's operands
    loads(s.first_code, s.codes, inner ? s.between.rank : s.rank, inner ? s.between.extent : s.extent);
    if (inner) stored(s.first_store, s.stores, s.between.rank, s.between.extent);
    loads(s.first_epilogue, s.epilogues, reduces ? s.kept : s.rank, s.extent);
    if (!inner) stored(s.first_store, s.stores, s.rank, s.extent);
    stored(s.first_epilogue_store, s.epilogue_stores, reduces ? s.kept : s.rank, s.extent);
    return n;
}

struct program_cost {
    long long flops = 0, bytes = 0;
};
constexpr program_cost cost_of(const program_view& p) {
    program_cost c;
    for (int i = 0; i < p.count; ++i) c.flops += step_flops(p, p.steps[i]), c.bytes += step_bytes(p, p.steps[i]);
    return c;
}

}  // namespace ashlar::detail
