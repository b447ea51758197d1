// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/describe/cost.hpp"

namespace ashlar::detail {

/// The chains of placements of a program: each is the base of the next and of nothing else, and all share one buffer.
/// (View is `program_view`: as a template it is looked at only where a plan is printed.)
template <class View> class placement_chains {
public:
    [[gnu::cold]] explicit placement_chains(const View& program) : p_{program} {
        uses_.resize(p_.graph.count, 0);
        for (int o = 0; o < p_.output_count; ++o) ++uses_[p_.outputs[o].node];
        for (int id = 0; id < p_.graph.count; ++id)
            for (int i = 0; i < p_.graph.of[id].count; ++i) ++uses_[p_.graph.of[id].argument[i]];
    }
    [[gnu::cold]] int first(int part) const {
        int base = p_.graph.of[part].argument[0];
        for (; p_.graph.of[base].facts.is_placement() && uses_[base] == 1; base = p_.graph.of[part].argument[0])
            part = base;
        return part;
    }
    /// Where the window of a placement begins in the buffer.
    [[gnu::cold]] index offset(int part) const {
        const attributes& w = p_.graph.sets[p_.graph.of[part].attribute];
        index offset = 0, stride = 1;
        for (int i = w.count / 4 - 1; i >= 0; stride *= w.value[4 * i--]) offset += w.value[4 * i + 1] * stride;
        return offset;
    }

private:
    const View p_;
    list<int> uses_;
};

}  // namespace ashlar::detail
