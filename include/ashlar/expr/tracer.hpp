// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/expr/graph.hpp"

namespace ashlar {

// Not constexpr: reached while tracing, it stops the compilation and the compiler prints its name.
void two_leaves_of_one_name_differ_in_shape_or_type();

/// Turns typed expressions into a graph. `Target` is the model whose calls are trained, void where none is.
template <class Target = void> class tracer : public graph {
public:
    using target = Target;

    list<int> occurrence;            // the input that the k-th leaf stands for
    list<int> target_inputs;         // for every call of the target the number of its first input
    list<std::uint64_t> reach;       // see frozen_graph
    list<int> state;                 // of the target: what its buffers have become so far
    const int* marks = nullptr;      // where the target's type is called more than once: which calls are of it
    int first_leaf = 0, leaves = 0;  // the inputs of the expression, where others stand before them or follow

    constexpr int leaf(dtype type, const shape& s) { return leaf(type, type, s); }

    constexpr int leaf(dtype type, dtype storage, const shape& s) {
        occurrence.push(inputs.size());
        return input_node(type, storage, s);
    }

    constexpr int named_leaf(const char* name, dtype type, const shape& s) {
        const int known = find(name);
        if (known < 0) {
            names_.push({name, inputs.size()});
            return leaf(type, s);
        }
        const int id = inputs.data[known].node;
        if (!are_same(type_of(id), type) || !(shape_of(id) == s)) two_leaves_of_one_name_differ_in_shape_or_type();
        occurrence.push(known);
        return id;
    }

    /// The number of the input with that name, or no_index.
    constexpr int find(const char* name) const {
        for (const auto& known : names_)
            if (equal(known.text, name)) return known.input;
        return no_index;
    }

private:
    struct named {
        const char* text = nullptr;
        int input = 0;
    };
    static constexpr bool equal(const char* a, const char* b) {
        for (; *a != '\0' && *a == *b; ++a, ++b) {}
        return *a == *b;
    }
    list<named> names_;
};

/// An expression in place of one with values, while a program is built: what it became.
template <class E> struct traced {
    list<int> roots;

    template <class Tracer> constexpr void bind(Tracer& t) {
        t.first_leaf = t.inputs.size();
        if constexpr (requires { typename E::together_tag; })
            for (int id : E::trace(t).id) roots.push(id);
        else roots.push(E::trace(t));
        t.leaves = t.inputs.size();
    }
};

}  // namespace ashlar
