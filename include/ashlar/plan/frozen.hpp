// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/expr/tracer.hpp"

namespace ashlar {

/// An array of a constexpr variable: what a list of constant evaluation becomes when it has to outlive it.
template <class T, int Capacity> struct fixed {
    T data[bound_of(Capacity == 0 ? 1 : Capacity)]{};
    int count = 0;

    constexpr int size() const { return count; }
    constexpr bool fits() const { return count <= Capacity; }
    constexpr const T& operator[](int i) const { return data[i]; }
    constexpr const T* begin() const { return data; }
    constexpr const T* end() const { return data + count; }

    /// Takes what fits; `count` says how much there was.
    constexpr void take(const list<T>& from) {
        count = from.size();
        list<T>::copy_all(data, from.data, count < Capacity ? count : Capacity);
    }
};

/// The first buffers of an address table are the pools of the workspace, by element type; then come the inputs, then
/// the results.
inline constexpr int pools = dtypes;

/// Where a result goes: over an input; into memory of the caller, which may be that of any input; or into memory that
/// nothing else can refer to.
enum class destination : unsigned char { update, anywhere, apart };

/// A result: the node, and the input that it overwrites, if it does. Every result has a buffer after those of the
/// inputs, in the order in which they were asked for.
struct output {
    int node = 0;
    destination to = destination::anywhere;
    int updates = no_index;
    int buffer = 0;
};

struct graph_sizes {
    int nodes = 0, arguments = 0, shapes = 0, attribute_sets = 0, inputs = 0, outputs = 0, occurrences = 0, calls = 0,
        reach = 0;
};

/// A finished graph without its dead nodes. Input numbers are as they were traced.
template <graph_sizes Size> struct frozen_graph {
    fixed<node, Size.nodes> nodes{};
    fixed<int, Size.arguments> arguments{};
    fixed<shape, Size.shapes> shapes{};
    fixed<attributes, Size.attribute_sets> attribute_sets{};
    fixed<input, Size.inputs> inputs{};
    fixed<output, Size.outputs> outputs{};
    fixed<int, Size.occurrences> occurrence{};
    fixed<int, Size.calls> calls{};  // of the model that is trained: the first input of each
    fixed<std::uint64_t, Size.reach>
        reach{};                     // a bit for every parameter of each: whether the loss has a gradient there
    int first_leaf = 0, leaves = 0;  // the inputs of the expression, from the first one to those of an update

    constexpr bool fits() const {
        return nodes.fits() && arguments.fits() && shapes.fits() && attribute_sets.fits() && inputs.fits() &&
               outputs.fits() && occurrence.fits() && calls.fits() && reach.fits();
    }
    constexpr graph_sizes sizes() const {
        return {nodes.count,   arguments.count,  shapes.count, attribute_sets.count, inputs.count,
                outputs.count, occurrence.count, calls.count,  reach.count};
    }
    /// Whether the loss has a gradient with respect to one of the
    /// `parameters` of a call. Where it has all of them, nothing is noted.
    constexpr bool reaches(int call, int parameter, int parameters) const {
        return reach.count == 0 ||
               (reach[call * ((parameters + 63) / 64) + parameter / 64] >> (parameter % 64) & 1) != 0;
    }
    constexpr const shape& shape_of(int id) const { return shapes.data[nodes.data[id].extent]; }
    constexpr const attributes& attributes_of(int id) const { return attribute_sets.data[nodes.data[id].attribute]; }
    constexpr int argument(int id, int i) const { return arguments.data[nodes.data[id].first + i]; }
};

/// Drops the nodes that no output needs and renumbers the rest.
template <graph_sizes Size, class Target> constexpr frozen_graph<Size> freeze(const tracer<Target>& g,
                                                                              const list<output>& outputs) {
    list<int> renumbered;
    renumbered.zeros(g.nodes.size());
    for (const output& o : outputs) renumbered.data[o.node] = 2;
    for (int id = g.nodes.size() - 1; id >= 0; --id)
        if (renumbered.data[id] != 0)
            for (int i = 0; i < g.nodes.data[id].count; ++i)
                if (int& needed = renumbered.data[g.arguments.data[g.nodes.data[id].first + i]]; needed == 0)
                    needed = 1;

    // (No calls in these loops, as clang counts them.)
    list<node> nodes;
    list<int> arguments;
    nodes.zeros(g.nodes.size()), arguments.zeros(g.arguments.size());
    int kept = 0, taken = 0;
    for (int id = 0; id < g.nodes.size(); ++id) {
        if (renumbered.data[id] == 0) continue;
        const node& n = g.nodes.data[id];
        // Derivatives are taken: a frozen weight is read where it lies.
        if (renumbered.data[id] == 1 && n.op->stops_gradients) {
            const int frozen = g.arguments.data[n.first];
            if (const kind_facts& facts = g.nodes.data[frozen].op->facts; facts.is_input || facts.moves()) {
                renumbered.data[id] = renumbered.data[frozen];
                continue;
            }
        }
        nodes.data[kept] = n, nodes.data[kept].first = taken, renumbered.data[id] = kept++;
        for (int i = 0; i < n.count; ++i) arguments.data[taken++] = renumbered.data[g.arguments.data[n.first + i]];
    }
    nodes.resize(kept), arguments.resize(taken);
    list<output> results;
    for (const output& o : outputs)
        results.push({renumbered.data[o.node], o.to, o.updates, pools + g.inputs.size() + results.size()});

    frozen_graph<Size> f;
    f.nodes.take(nodes);
    f.arguments.take(arguments);
    f.shapes.take(g.shapes);
    f.attribute_sets.take(g.attribute_sets);
    f.inputs.take(g.inputs);
    f.outputs.take(results);
    f.occurrence.take(g.occurrence);
    f.calls.take(g.target_inputs);
    f.reach.take(g.reach);
    f.first_leaf = g.first_leaf, f.leaves = g.leaves;
    return f;
}

}  // namespace ashlar
