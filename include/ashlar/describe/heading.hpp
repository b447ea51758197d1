// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/describe/cost.hpp"

namespace ashlar::detail {

/// Before the first of several steps that go through their rows together.
[[gnu::cold]] inline void append_tiles(text& t, const step& s, int i) {
    t += "     steps ", t.add(i + 1), t += " to ", t.add(i + s.block), t += " take turns of ";
    t.add(s.extent[0] / s.tiles), t += s.extent[0] == s.tiles ? " row\n" : " rows\n";
}

/// How the line of a step begins: number, kind, space and flops.
template <class View> [[gnu::cold]] text heading(const View& p, int i) {
    const step& s = p.steps[i];
    text t, number, flops;
    number.add(i + 1);
    t.pad(number.size() < 3 ? 3 - number.size() : 0);
    t += number, t += "  ";
    std::size_t column = t.size();
    kinds<View>::visit(s.what, [&](auto rules) {
        t += rules.name(s);
        t.pad(8, column);
        column = t.size();
        rules.space(t, p, s);
    });
    t.pad(13, column);
    t += " ";
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
        if (count > 1) names.back().add(i);
    }
    return names;
}

}  // namespace ashlar::detail
