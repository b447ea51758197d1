// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/add.hpp"
#include "ashlar/ops/sum.hpp"
#include "ashlar/ops/to.hpp"

namespace ashlar {

/// Reverse mode: appends to the graph the adjoint of every node between `roots` and the nodes marked in `wanted`, and
/// returns them by node, no_index where there is none. `wanted` is widened to all nodes that depend on a wanted one.
/// An adjoint may have fewer elements than its node: extents of 1 broadcast. (V is `value`: see value_for.)
template <class V = value> class backward_pass {
public:
    constexpr backward_pass(graph& g, int wanted_capacity) : g_{g} {
        wanted_.zeros(wanted_capacity);
        adjoint_.resize(wanted_capacity, no_index);
    }

    constexpr void want(int id) { wanted_.data[id] = 1; }

    /// From a root with its own adjoint (1 for the gradient of a scalar).
    constexpr void run(int root, int seed) {
        spread(root);
        adjoint_.data[root] = seed;
        for (int id = root; id >= 0; --id) {
            if (wanted_.data[id] == 0) continue;
            if (adjoint_.data[id] >= 0 && g_.nodes.data[id].op->differentiable) pull_back(id);
            else if (reaches(id) && !g_.nodes.data[id].op->stops_gradients) note_flat(id);
        }
    }

    /// Whether the root depends on a node by more than a constant: with a derivative, be it 0 as that of floor. Not
    /// behind stop_gradient.
    constexpr bool reaches(int id) const { return adjoint_.data[id] >= 0 || (!flat_.empty() && flat_.data[id] != 0); }

    /// The adjoint in the node's own shape; zeros where the root does not depend on it.
    constexpr int adjoint(int id) {
        const int a = adjoint_.data[id] >= 0 ? adjoint_.data[id] : g_.constant(0, arithmetic_type(g_.type_of(id)));
        return expand_value({&g_, a}, g_.shape_of(id)).id;
    }

private:
    constexpr void spread(int root) {
        for (int id = 0; id <= root; ++id)
            for (int i = 0; i < g_.nodes.data[id].count; ++i)
                if (wanted_.data[g_.argument(id, i)] != 0) wanted_.data[id] = 1;
    }

    constexpr void pull_back(int id) {
        int to[] = {no_index, no_index, no_index};
        g_.nodes.data[id].op->pullback(g_, id, adjoint_.data[id], to);
        for (int i = 0; i < g_.nodes.data[id].count; ++i) {
            const int argument = g_.argument(id, i);
            if (to[i] < 0 || wanted_.data[argument] == 0 || !is_floating(g_.type_of(argument))) continue;
            add(adjoint_.data[argument], fitted({&g_, to[i]}, id, argument));
        }
    }

    // Arguments of an op whose derivative is 0: they have an adjoint of 0, which nothing is computed for.
    constexpr void note_flat(int id) {
        for (int i = 0; i < g_.nodes[id].count; ++i) {
            const int argument = g_.argument(id, i);
            if (wanted_[argument] == 0 || !is_floating(g_.type_of(argument))) continue;
            if (flat_.empty()) flat_.zeros(wanted_.size());
            flat_[argument] = 1;
        }
    }

    // An adjoint in the type that its argument is computed in, and, of an element-wise op, in its shape: broadcasting
    // backwards is summing.
    constexpr int fitted(V adjoint, int id, int argument) {
        if (g_.nodes.data[argument].extent != g_.nodes.data[id].extent && g_.nodes.data[id].op->facts.is_elementwise)
            adjoint = detail::sum_to<V>(adjoint, g_.shape_of(id), g_.shape_of(argument));
        return detail::to_type<V>(adjoint, arithmetic_type(g_.type_of(argument))).id;
    }

    constexpr void add(int& sum, int term) { sum = sum < 0 ? term : (V{&g_, sum} + V{&g_, term}).id; }

    graph& g_;
    list<int> wanted_, adjoint_;
    list<int> flat_;  // empty where there is none
};

}  // namespace ashlar
