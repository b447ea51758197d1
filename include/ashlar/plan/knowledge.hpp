// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/plan/planned.hpp"

namespace ashlar::detail {

/// How much kernels know of their steps while compiling.
///   in   steps
///   out  known; is_brief
template <class Graph> class kernel_knowledge {
public:
    constexpr explicit kernel_knowledge(planned<Graph>& p) : p_{p} {}

    /// `most`: what they may know at most.
    constexpr void choose(knowledge most) {
        p_.known = most == knowledge::unrolled && !is_small() ? knowledge::static_layout : most;
        if (p_.known == knowledge::static_layout && has_many_shapes()) p_.known = knowledge::dynamic;
        p_.is_brief = p_.known == knowledge::unrolled && p_.steps.size() <= 4 && work() <= 256;
    }

private:
    planned<Graph>& p_;

    // Small programs are straight code, with nothing between kernels; large ones a loop over a table of shared kernels.
    constexpr bool is_small() const {
        for (const step& s : p_.steps)
            if (facts_of(s.what).reads_step || s.tiles > 0) return false;
        return p_.steps.size() <= 24 && work() <= 20000;
    }
    constexpr index work() const {
        index sum = 0;
        for (const step& s : p_.steps) {
            index n = 1;
            for (index e : s.extent) n *= e;
            sum += n * (facts_of(s.what).reads_matrices() ? s.own.product.k : s.codes + 1);
        }
        return sum;
    }

    // Of a program of more shapes, the time to compile a kernel for each would tell. Kernels of any extents add up in
    // another order: what is counted is only what a loss and its gradients have, with or without the update.
    constexpr bool has_many_shapes() const {
        constexpr unsigned size = 128;
        list<int> table;
        table.zeros(size);  // of steps, from 1 on: see kernel_sharing
        int shapes = 0;
        for (int i = 0; i < p_.steps.size(); ++i) {
            const step& s = p_.steps.data[i];
            if (!facts_of(s.what).reduces && !facts_of(s.what).reads_matrices()) continue;
            unsigned at =
                static_cast<unsigned>((s.extent[0] * 509 + s.extent[1]) * 509 + s.extent[2] + product_length(s) * 127);
            for (at %= size; table.data[at] > 0 && !adds_alike(p_.steps.data[table.data[at] - 1], s);)
                at = (at + 1) % size;
            if (table.data[at] == 0 && ++shapes > most_kernels) return true;
            if (table.data[at] == 0) table.data[at] = i + 1;
        }
        return false;
    }
    static constexpr bool adds_alike(const step& x, const step& y) {
        if (x.what != y.what || x.rank != y.rank || x.kept != y.kept || product_length(x) != product_length(y) ||
            !kinds<Graph>::same_kernel(x, y))
            return false;
        for (int d = 0; d < x.rank; ++d)
            if (x.extent[d] != y.extent[d]) return false;
        return true;
    }
};

}  // namespace ashlar::detail
