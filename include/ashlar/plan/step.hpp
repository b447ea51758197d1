// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/expr/indexing.hpp"
#include "ashlar/expr/list.hpp"
#include "ashlar/kernels/right_rows.hpp"
#include "ashlar/plan/loop_body.hpp"
#include "ashlar/tensor/window.hpp"

namespace ashlar {

/// Where an operand of a step lies: it begins at element `offset` of buffer number `buffer` in the program's table of
/// addresses; to the next element along axis d it is stride[d] further. A row that is added to every row of a matrix
/// has the strides {0, 1}.
struct step_operand {
    int buffer = 0;
    index offset = 0;
    index stride[max_rank] = {};
    index advance = 0;  // where steps share tiles of rows: from the first row of one to that of the next
};

/// Axes that a loop runs over.
struct space {
    int rank = 0;
    index extent[max_rank] = {1, 1, 1, 1, 1, 1};

    constexpr long long elements() const {
        long long n = 1;
        for (int i = 0; i < rank; ++i) n *= extent[i];
        return n;
    }
};

/// A matrix of so many elements is larger than the first cache. Several loops over its rows then share tiles: all of
/// them on a few rows, which stay in the cache from one loop to the next, then all of them on the next few rows.
inline constexpr index least_tiled_size = 8192;

/// What a product of matrices has of its own.
struct product_step {
    index m = 0, n = 0, k = 0;
    bool transpose_a = false, transpose_b = false;
    bool turned = false;  // a column a b, one element wide, is computed as the row b^T a^T: in vectors
    kernels::right_rows rows_b = kernels::right_rows::exact;  // wide: a row's last vector may be read whole
};

/// What windows have of their own.
struct window_step {
    windows slide{}, pooled{};  // and those of the pool that takes what they give
};

/// What comes together along an axis.
enum class cumulation : unsigned char { sum, product, logsumexp };

/// What steps along one axis, the last of their space, have of their own.
struct axis_walk {
    bool backwards = false;  // cumulative: from the end; ordering: the largest first
    cumulation what = cumulation::sum;
    // Of indexed: what is done where the index points; the extent and the stride of the axis that it points along, and
    // what it points at in vain; how many elements the result has, where it is more than what is pointed at. Of
    // ordering: the extent of the axis.
    indexing how = indexing::gather;
    bool onto = false;  // what is added to is not zeros, but the third argument
    dtype index_type = dtype::int32;
    index length = 0, stride = 0, left_out = no_index, size = 0;
    friend constexpr bool operator==(const axis_walk&, const axis_walk&) = default;
};

struct no_payload {};

/// What steps of one kind have of their own; their kind says which it is. Steps of loops and reductions have nothing.
union payload {
    no_payload nothing{};
    product_step product;
    window_step window;
    axis_walk walk;  // cumulative, indexed, ordering
};

/// One kernel call. It has up to two bodies of element-wise instructions: the first inside of its loop (`first_code`),
/// the epilogue on what the loop gives (`first_epilogue`). In relu(x + 1) all is in the first; in log(sum<1>(exp(x)))
/// exp is in the first and log in the epilogue; in relu(matmul(a, b)) the epilogue is relu.
/// Operands are `operands` from `first_operand`, in this order:
///   map          loads and stores of the loop body
///   reduction    those of the first loop body, those of the epilogue
///   contraction  a, b, scratch, those of the first loop body (on rows that are combined), those of the epilogue
///   indexed      x, the index, what is added to or scratch
///   windows      both arguments, two of scratch, those of the first loop body (before a pool or sum), those of the
///   epilogue
struct step {
    kind what = kind::elementwise;
    reducer how = reducer::sum;
    dtype compute = dtype::float32;
    int node = 0;  // the graph's node that the step was made for: a map's first result
    int rank = 0;  // of the iteration space
    index extent[max_rank] = {1, 1, 1, 1, 1, 1};
    // How many axes stay in the result; they come first. sum<1> of 4 x 8: 1, of extent 4. Of windows: 2, the images and
    // their channels, with a plane of height x width elements for each (0 in the gradient of a weight).
    int kept = 0;
    bool inner_kept = false;  // reduction: a vector holds neighbours along the last kept axis, as in sum<0> of 4 x 8
    // The node that combines, by `how`, the rows of a product or the planes of windows as they are computed, if any. In
    // sum<0>(relu(matmul(a, b))) the first body is relu, on every row; the epilogue is done once, on the row of sums.
    // Of windows, whose planes are summed to one number a channel, it is done on these numbers.
    int reduction = no_index;
    bool pools = false;  // a pool takes what windows give: max_pool2d(relu(conv2d(x, w))) is one step
    int first_code = 0, codes = 0, first_store = 0, stores = 0, result = 0;
    int first_epilogue = 0, epilogues = 0, first_epilogue_store = 0, epilogue_stores = 0;
    int first_operand = 0, operands = 0;
    index scratch[2] = {};  // how many elements: [0] of a product or of windows, [1] of the windows' table
    space between{};        // the axes of the first loop body, of windows and products: `extent` has the epilogue's
    int kernel = 0;         // number of the function that runs it; equal steps have the same
    int block = 0;          // on the first of several steps that share tiles of rows: how many steps they are
    index tiles = 0;        // into how many tiles they divide them; extent[0] has the rows of one

    payload own{};

    constexpr bool combines() const { return reduction >= 0; }
    /// Of the axes from one to another.
    constexpr long long elements(int from, int to) const {
        long long all = 1;
        for (int i = from; i < to; ++i) all *= extent[i];
        return all;
    }
};

constexpr space first_axes(const step& s, int rank) {
    space axes{rank};
    for (int i = 0; i < rank; ++i) axes.extent[i] = s.extent[i];
    return axes;
}

/// How many products are summed for an element; of other kinds nothing is.
constexpr index product_length(const step& s) { return facts_of(s.what).reads_matrices() ? s.own.product.k : 0; }

/// The axes that a step's results have, which come first.
constexpr int result_rank(const step& s) { return facts_of(s.what).reduces ? s.kept : s.rank; }

/// The type of what the kernel hands to its epilogue: where an extremum is, is an int32.
constexpr dtype accumulated(const step& s) { return s.how >= reducer::argmax ? dtype::int32 : s.compute; }

/// How many elements a reduction makes one of.
constexpr index reduced_size(const step& s) {
    index n = 1;
    for (int d = s.kept; d < s.rank; ++d) n *= s.extent[d];
    return n;
}

constexpr index element_bytes(dtype t) { return element_table[static_cast<int>(t)].bytes; }

constexpr long long operand_bytes(const index* extent, const step_operand& w, int rank, dtype type) {
    long long n = element_bytes(type);
    for (int i = 0; i < rank; ++i)
        if (w.stride[i] != 0) n *= extent[i];
    return n;
}

/// The operands of a kernel before those of its loop bodies.
constexpr int own_operands(const step& s) { return facts_of(s.what).own_operands; }

/// An operand that a loop body of a step loads or stores.
struct operand_use {
    int number = 0;
    bool in_epilogue = false;
    dtype type = dtype::float32;  // in memory
};

constexpr bool is_load(const instruction& line) { return line.from == source::load; }
constexpr dtype type_in_memory(const instruction& load) { return load.stored; }

/// visit(use) of all operands of a step's bodies, in the order in which they lie; `code` and `stores` are the plan's.
template <class Line, class Visit>
constexpr void for_each_operand(const step& s, const Line* code, const store_instruction* stores, Visit visit) {
    int at = own_operands(s);
    const auto body = [&](bool epilogue, int first, int lines, int first_store, int count) {
        for (int i = first; i < first + lines; ++i)
            if (is_load(code[i])) visit(operand_use{at++, epilogue, type_in_memory(code[i])});
        for (int i = first_store; i < first_store + count; ++i) visit(operand_use{at++, epilogue, stores[i].type});
    };
    body(false, s.first_code, s.codes, s.first_store, s.stores);
    body(true, s.first_epilogue, s.epilogues, s.first_epilogue_store, s.epilogue_stores);
}

/// The axes that a loop body goes through: in sum<1>(exp(x)) of 4 x 8 the first one 4 x 8, the epilogue 4.
constexpr space axes_of(const step& s, bool epilogue) {
    if (epilogue) return first_axes(s, result_rank(s));
    return s.between.rank > 0 ? s.between : first_axes(s, s.rank);
}

}  // namespace ashlar
