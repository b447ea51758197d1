// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>

namespace ashlar {

/// All that a plan distinguishes. A new op belongs to one of these; a new kind has a row in `kind_table` below, and
/// kinds/<kind>.hpp with all that plans need of it.
enum class kind : unsigned char {
    input,
    constant,
    range,
    elementwise,
    reduction,
    contraction,
    window,
    view,
    reshape,
    place,
    cumulative,
    indexed,
    ordering
};

/// How the step of a node reads its arguments.
enum class reading : unsigned char {
    elements,  // one by one: what they are made of may be computed in the same loop
    matrices,  // through a pointer and strides
    strided,   // through a pointer, with any strides, but for the third
    dense,     // through a pointer, in row-major order without gaps
    source,    // not at all: the node says where in its first argument its own elements lie
    window     // the second as elements, to be written over a part of the first
};

/// What passes ask of the kind of a node.
struct kind_facts {
    bool is_input = false, is_constant = false;
    bool is_elementwise = false;  // computed in the loops of its readers, unless it has memory of its own
    bool counts = false;          // element i is i
    bool is_view = false;         // elements of its argument, through strides of its own
    bool is_reshape = false;      // elements of its argument in their order
    bool has_memory = false;      // a step computes it into memory
    bool reduces = false;         // a step computes its argument element by element, and combines what it gets
    bool reads_step = false;      // its kernels know nothing of a layout while compiling
    bool gives_elements = false;  // a kernel makes its elements one by one, and what reads them can take them at once
    reading reads = reading::elements;
    int own_operands = 0;   // of a step: those before what its loops load
    int base_operand = -1;  // of a step: the one that its result begins as, which may be its own memory; dense

    constexpr bool is_placement() const { return reads == reading::window; }
    constexpr bool reads_matrices() const { return reads == reading::matrices; }
    constexpr bool reads_dense() const { return reads == reading::dense; }
    constexpr bool moves() const { return is_view || is_reshape; }
    constexpr bool is_leaf() const { return is_input || is_constant; }
};

/// In the order of the kinds.
inline constexpr kind_facts kind_table[] = {
    {.is_input = true},
    {.is_constant = true},
    {.counts = true, .has_memory = true},  // range
    {.is_elementwise = true},
    {.has_memory = true, .reduces = true},
    // contraction, window
    {.has_memory = true, .gives_elements = true, .reads = reading::matrices, .own_operands = 3},
    {.has_memory = true, .reads_step = true, .gives_elements = true, .reads = reading::dense, .own_operands = 4},
    {.is_view = true, .reads = reading::source},
    {.is_reshape = true, .reads = reading::source},
    {.has_memory = true, .reads = reading::window},                                         // place
    {.has_memory = true, .reads = reading::strided, .own_operands = 1},                     // cumulative
    {.has_memory = true, .reads = reading::strided, .own_operands = 3, .base_operand = 2},  // indexed
    {.has_memory = true, .reads = reading::strided, .own_operands = 1},                     // ordering
};
static_assert(sizeof kind_table / sizeof kind_table[0] == static_cast<std::size_t>(kind::ordering) + 1);

constexpr const kind_facts& facts_of(kind k) { return kind_table[static_cast<std::size_t>(k)]; }

}  // namespace ashlar
