// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/kinds/map.hpp"

namespace ashlar::detail {

/// A window of a copy of something that is written over: element-wise steps for the copy, if there is none yet, and for
/// the window, unless that is computed in its place.
template <> struct kind_rules<kind::place> : kind_rules<kind::elementwise> {
    template <class Lowering> static constexpr void lower(Lowering& w, int s, int id) {
        const int x = w.g.argument(id, 1);
        if (!w.fused.continues_placement(id)) w.write_base(s, id);
        if (w.fused.is_placed(x, id)) return;
        w.begin(s, id, kind::elementwise);
        w.set_space(window_shape(w.g.attributes_of(id)));
        w.write(x, {id, 0, operand_at(w.fused.window_of(id)), id});
    }

    static constexpr long long node_flops(const auto&...) { return 0; }
};

}  // namespace ashlar::detail
