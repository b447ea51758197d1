// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/place.hpp"
#include "ashlar/plan/fusion.hpp"

namespace ashlar::detail {

/// Chains of placements are one buffer: concat(a, b, c), or what the gradient through slices is. Where their windows
/// fill it, nothing has to be written before them; and what is computed for a window alone is computed in it: the
/// products of concat(matmul(a, b), matmul(c, d)) write its halves.
///   in   the graph; fusion: root, uses
///   out  fusion: placed, filled; root, of element-wise nodes that are computed in their window
template <class Graph> class placements {
public:
    constexpr explicit placements(fusion<Graph>& f) : f_{f}, g_{f.g} {}

    constexpr void find() {
        for (int id = 0; id < g_.nodes.size(); ++id)
            if (f_.facts(id).is_placement() && !is_continued(id)) look_at(id);
    }

private:
    fusion<Graph>& f_;
    const Graph& g_;
    list<int> continued_;

    constexpr bool is_continued(int id) {
        if (continued_.empty()) {
            continued_.zeros(g_.nodes.size());
            f_.filled.zeros(g_.nodes.size()), f_.placed.resize(g_.nodes.size(), no_index);
            for (int p = id; p < g_.nodes.size(); ++p)
                if (f_.facts(p).is_placement() && f_.continues_placement(p)) continued_.data[g_.argument(p, 0)] = 1;
        }
        return continued_.data[id] != 0;
    }

    // The chain that ends with placement `last`.
    constexpr void look_at(int last) {
        list<int> chain;
        for (int id = last;; id = g_.argument(id, 0)) {
            for (int later : chain)
                if (!windows_are_apart(g_.attributes_of(id), g_.attributes_of(later))) return;
            chain.push(id);
            if (!f_.continues_placement(id)) break;
        }
        index covered = 0;
        for (int id : chain) covered += window_shape(g_.attributes_of(id)).size();
        const bool filled = covered == g_.shape_of(last).size();
        if (!filled && !f_.facts(g_.argument(chain.back(), 0)).is_constant) return;
        for (int id : chain) {
            f_.filled.data[id] = filled ? 1 : 0;
            compute_in_place(id);
        }
    }

    constexpr void compute_in_place(int id) {
        int x = g_.argument(id, 1);
        access there{};
        if (f_.facts(x).is_reshape && f_.uses.data[x] == 1 && f_.root.data[x] == 0) x = g_.argument(x, 0);
        const kind_facts& facts = f_.facts(x);
        const bool computed = facts.is_elementwise || facts.reduces || facts.gives_elements;
        if (!computed || f_.uses.data[x] != 1 || g_.nodes.data[x].type != g_.nodes.data[id].type ||
            !f_.lies_in_window(id, x, there))
            return;
        f_.root.data[x] = 1;
        f_.placed.data[x] = id;
    }
};

}  // namespace ashlar::detail
