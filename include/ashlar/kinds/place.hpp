// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/kinds/map.hpp"

namespace ashlar::detail {

/// A window of a copy of something that is written over: element-wise steps for the copy, if there is none yet, and for
/// the window.
template <> struct kind_rules<kind::place> : kind_rules<kind::elementwise> {
    template <class Lowering> static constexpr void lower(Lowering& w, int s, int id) {
        const attributes& a = w.g.attributes_of(id);
        const int base = w.g.argument(id, 0), x = w.g.argument(id, 1);
        const shape& all = w.g.shape_of(id);
        // A chain of placements writes into one buffer, unless somebody else wants to see it half done.
        const bool chained = w.fused.facts(base).reads == reading::window && w.fused.last_reader_is(base, id);
        if (chained) {
            w.shares.data[id] = w.owner(base);
        } else {
            w.begin(s, id, kind::elementwise);
            w.set_space(all);
            write(w, base, id, contiguous(all));
        }
        w.begin(s, id, kind::elementwise);
        shape inside = all;
        site where = contiguous(all);
        for (int i = 0; i < all.rank; ++i) {
            inside.extent[i] = a.value[4 * i + 3];
            const index stride = where.stride[i];
            where.offset += a.value[4 * i + 1] * stride;
            where.stride[i] = inside[i] == 1 ? 0 : stride * a.value[4 * i + 2];
        }
        w.set_space(inside);
        write(w, x, id, where);
        w.read.data[id] = 1;
        if (chained) w.read.data[base] = 1;
    }

    static constexpr long long node_flops(const auto&...) { return 0; }

private:
    // One element-wise value into memory of `target`.
    template <class Lowering> static constexpr void write(Lowering& w, int id, int target, const site& where) {
        w.now.base.first_code = w.code.size();
        const int r = w.register_of(id);
        w.compute_type = promote(w.compute_type, w.g.nodes.data[target].type);
        w.results.push({target, static_cast<short>(r), where});
        w.now.base.codes = w.code.size() - w.now.base.first_code;
        w.now.base.compute = w.compute();
        w.collapse(0, w.now.base.rank, w.now.first_load, w.now.first_result);
        w.settle(w.now.base.first_code, w.now.base.codes, w.now.first_load, w.now.base.rank - 1);
        w.finish();
    }
};

}  // namespace ashlar::detail
