// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/describe/cost.hpp"

namespace ashlar::detail {

[[gnu::cold]] inline const char* kind_of(const step& s) {
    switch (s.what) {
        case step_kind::map: return "map";
        case step_kind::reduce: return "reduce";
        case step_kind::range: return "range";
        case step_kind::contraction: return "matmul";
        default: return is_pool(s.slide.what) ? "pool" : "conv";
    }
}

// m x k x n after the batch; what is reduced stands in brackets.
[[gnu::cold]] inline void append_space(text& t, const program_view& p, const step& s) {
    if (s.what == step_kind::contraction) {
        append_extents(t, s.extent, s.rank - 2, "x");
        if (s.rank > 2) t += " * ";
        const index mkn[] = {s.m, s.k, s.n};
        append_extents(t, mkn, 3, "x");
    } else if (s.what == step_kind::reduce) {
        append_extents(t, s.extent, s.kept, "x");
        t += '[', append_extents(t, s.extent + s.kept, s.rank - s.kept, "x"), t += ']';
    } else if (s.what == step_kind::window) {
        const shape& whole = p.graph.shapes[p.graph.of[s.node].extent];
        append_extents(t, whole.extent, whole.rank, "x");
    } else if (s.rank == 0) {
        t += '1';
    } else {
        append_extents(t, s.extent, s.rank, "x");
    }
}

/// Before the first of several steps that go through their rows together.
[[gnu::cold]] inline void append_turns(text& t, const step& s, int i) {
    t += "     steps ", t += i + 1, t += " to ", t += i + s.block, t += " take turns of ";
    t += s.extent[0] / s.tiles, t += s.extent[0] == s.tiles ? " row\n" : " rows\n";
}

/// How the line of a step begins: number, kind, space and flops.
[[gnu::cold]] inline text heading(const program_view& p, int i) {
    const step& s = p.steps[i];
    text t, number, flops;
    number += i + 1;
    t.pad(number.size() < 3 ? 3 - number.size() : 0);
    t += number, t += "  ";
    std::size_t column = t.size();
    t += kind_of(s);
    t.pad(8, column);
    column = t.size();
    append_space(t, p, s);
    t.pad(13, column);
    t += ' ';
    append_grouped(flops, step_flops(p, s));
    t.pad(t.size() + (flops.size() < 9 ? 9 - flops.size() : 0));
    t += flops, t += " flops";
    return t;
}

/// "result", or "result1", "result2", ...
[[gnu::cold]] inline list<text> result_names(int count) {
    list<text> names;
    for (int i = 1; i <= count; ++i) {
        names.push(text{"result"});
        if (count > 1) names.back() += i;
    }
    return names;
}

}  // namespace ashlar::detail
