// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/expr/term.hpp"
#include "ashlar/expr/text.hpp"
#include "ashlar/expr/windows.hpp"

// How printing writes axes and windows.
namespace ashlar::detail {

/// "1:3" of an axis of `all` elements.
[[gnu::cold]] inline void append_range(text& out, index start, index step, index extent, index all) {
    const index stop = start + step * extent;
    if (start != 0 && !(step < 0 && start == all - 1)) out.add(start);
    out += ":";
    if (step > 0 ? stop < all : stop >= 0) out.add(stop);
    if (step != 1) out += ":", out.add(step);
}

/// "<1, keepdim>" of a reduction.
[[gnu::cold]] inline void append_axes(text& out, const term_list& terms, const term& t, bool keepdim) {
    const shape& from = terms.shapes[terms.of[t.argument[0]].extent];
    const auto axes = static_cast<int>(terms.sets[t.attribute].value[0]);
    const bool kept = keepdim || (terms.sets[t.attribute].value[1] == 0 && axes != 0),
               all = axes == (1 << from.rank) - 1;
    if (all && !kept) return;
    out += "<";
    bool first = true;
    for (int i = 0; i < from.rank; ++i) {
        if ((axes >> i & 1) == 0) continue;
        if (!first) out += ", ";
        out.add(i);
        first = false;
    }
    if (kept) out += ", keepdim";
    out += ">";
}

/// "1:3, :" of a placement.
[[gnu::cold]] inline void append_window(text& out, const attributes& w) {
    for (int i = 0; i < w.count / 4; ++i) {
        if (i > 0) out += ", ";
        append_range(out, w.value[4 * i + 1], w.value[4 * i + 2], w.value[4 * i + 3], w.value[4 * i]);
    }
}

/// "conv2d<stride 2, padding 1>", "max_pool2d<2>": what differs from PyTorch's defaults.
[[gnu::cold]] inline void append_windows(text& out, const windows& w) {
    static constexpr const char* suffix[] = {"", "_input", "_weight", "", "_input", "_pick"};
    const bool pool = is_pool(w.what), flat = w.dimensions == 1, deep = w.dimensions == 3;
    out += pool ? "max_pool" : "conv", out.add(w.dimensions), out += "d", out += suffix[static_cast<int>(w.what)];
    bool first = true;
    const auto option = [&](const char* name, index z, index y, index x, index usual_y, index usual_x) {
        if (x == usual_x && (flat || y == usual_y) && (!deep || z == usual_x)) return;
        out += first ? "<" : ", ", out += name;
        const bool several = !flat && (x != y || (deep && x != z));
        if (several && deep) out.add(z), out += "x";
        if (several) out.add(y), out += "x";
        out.add(x);
        first = false;
    };
    const window_axis &x = w.x, &y = w.y, &z = w.z;
    if (pool) option("", z.taps, y.taps, x.taps, 0, 0);
    option("stride ", z.stride, y.stride, x.stride, pool ? y.taps : 1, pool ? x.taps : 1);
    option("padding ", z.padding, y.padding, x.padding, 0, 0);
    option("dilation ", z.dilation, y.dilation, x.dilation, 1, 1);
    option("after ", z.after, y.after, x.after, 0, 0);
    option("groups ", w.groups, w.groups, w.groups, 1, 1);
    if (!first) out += ">";
}
[[gnu::cold]] inline void append_windows(text& out, const attributes& a) { append_windows(out, stated_by(a)); }

// The axis of extent 1 that `longer` has and `s` has not, or no_index.
[[gnu::cold]] inline int unit_axis(const shape& longer, const shape& s) {
    if (longer.rank != s.rank + 1) return no_index;
    for (int axis = longer.rank - 1; axis >= 0; --axis) {
        bool same = longer[axis] == 1;
        for (int i = 0; i < s.rank; ++i) same = same && longer[i < axis ? i : i + 1] == s[i];
        if (same) return axis;
    }
    return no_index;
}

}  // namespace ashlar::detail
