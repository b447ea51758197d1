// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/expr/record.hpp"
#include "ashlar/kernels/right_rows.hpp"
#include "ashlar/tensor/window.hpp"

namespace ashlar {

/// How an operand moves along the innermost axis of a loop.
enum class along : unsigned char { stays, runs, strides };

enum class source : unsigned char { load, constant, op, accumulator };

/// Whether a sum and one of its arguments, a product, are rounded together; `taken` on the line of that product.
enum class with_product : unsigned char { no, first, second, taken };

/// One line of a fused loop: register i is the result of instruction i.
struct instruction {
    source from = source::load;
    dtype type = dtype::float32;  // of what is loaded
    along inner = along::runs;
    with_product product = with_product::no;
    short a = 0, b = 0, c = 0;    // registers
    const op_record* op = nullptr;
    std::uint64_t bits = 0;       // of the constant, as a double
};

struct store_instruction {
    short from = 0;
    dtype type = dtype::float32;
    along inner = along::runs;
};

constexpr std::uint64_t id_of(const instruction& i) { return i.from == source::op ? i.op->id : 0; }

constexpr bool same(const instruction& x, const instruction& y) {
    return x.from == y.from && x.type == y.type && x.inner == y.inner && x.product == y.product && x.a == y.a && x.b == y.b && x.c == y.c && x.bits == y.bits &&
           (x.from != source::op || (x.op->id == y.op->id && x.op == y.op));
}
constexpr bool same(const store_instruction& x, const store_instruction& y) {
    return x.from == y.from && x.type == y.type && x.inner == y.inner;
}

/// The canonical form of a fused loop: a template argument, so that equal loops of a program share one kernel. Packed,
/// because compilers compare, hash and spell out all of it in every name that is made of it.
template <int Instructions, int Stores> struct group {
    static constexpr int instructions = Instructions, stores = Stores;

    struct packed {
        const op_record* op = nullptr;
        std::uint64_t bits = 0, rest = 0;
    };
    packed code[bound_of(Instructions == 0 ? 1 : Instructions)]{};
    std::uint32_t out[bound_of(Stores == 0 ? 1 : Stores)]{};
    short result = 0;  // the register that a reduction combines

    constexpr void set(int i, const instruction& x) {
        const auto reg = [](short r) { return static_cast<std::uint64_t>(static_cast<std::uint16_t>(r)); };
        code[i] = {x.op, x.bits, static_cast<std::uint64_t>(x.from) | static_cast<std::uint64_t>(x.type) << 4 | static_cast<std::uint64_t>(x.inner) << 8 | static_cast<std::uint64_t>(x.product) << 12 |
                                     reg(x.a) << 16 | reg(x.b) << 32 | reg(x.c) << 48};
    }
    constexpr instruction line(int i) const {
        const std::uint64_t r = code[i].rest;
        return {static_cast<source>(r & 15), static_cast<dtype>(r >> 4 & 15), static_cast<along>(r >> 8 & 15), static_cast<with_product>(r >> 12 & 15),
                static_cast<short>(r >> 16), static_cast<short>(r >> 32), static_cast<short>(r >> 48), code[i].op, code[i].bits};
    }
    constexpr void set_store(int i, const store_instruction& x) {
        out[i] = static_cast<std::uint32_t>(static_cast<std::uint16_t>(x.from)) << 8 | static_cast<std::uint32_t>(x.type) << 4 | static_cast<std::uint32_t>(x.inner);
    }
    constexpr store_instruction store(int i) const { return {static_cast<short>(out[i] >> 8), static_cast<dtype>(out[i] >> 4 & 15), static_cast<along>(out[i] & 15)}; }

    constexpr bool is_load(int i) const { return static_cast<source>(code[i].rest & 15) == source::load; }
    constexpr int loads() const { return operand(Instructions); }
    /// The number of an operand among the loads before instruction i.
    constexpr int operand(int i) const {
        int n = 0;
        for (int k = 0; k < i; ++k) n += is_load(k) ? 1 : 0;
        return n;
    }
};

/// Where an operand of a step lies: it begins at element `offset` of buffer number `place` in the program's table of
/// addresses; to the next element along axis d it is stride[d] further. A row that is added to every row of a matrix
/// has the strides {0, 1}.
struct site {
    int place = 0;
    index offset = 0;
    index stride[max_rank] = {};
    index advance = 0;  // where loops take turns on rows: from the first row of a turn to that of the next
};

enum class step_kind : unsigned char { map, reduce, contraction, window, range };

/// Axes that a loop runs over.
struct space {
    int rank = 0;
    index extent[max_rank] = {1, 1, 1, 1, 1, 1};
};

/// A matrix of so many elements is larger than the first cache. Several loops over its rows then take turns: all of
/// them on a few rows, which stay in the cache from one loop to the next, then all of them on the next few rows.
inline constexpr index least_turned_size = 8192;

/// One kernel call. It has up to two groups of element-wise instructions: the first inside of its loop (`first_code`),
/// the epilogue on what the loop gives (`first_epilogue`). In relu(x + 1) all is in the first; in log(sum<1>(exp(x)))
/// exp is in the first and log in the epilogue; in relu(matmul(a, b)) the epilogue is relu.
/// Operands are `sites` from `first_site`, in this order:
///   map          loads and stores of the group
///   reduction    those of the first group, those of the epilogue
///   contraction  a, b, scratch, those of the first group (on rows that are combined), those of the epilogue
///   windows      both arguments, two of scratch, those of the first group (before a pool or sum), those of the epilogue
struct step {
    step_kind what = step_kind::map;
    reducer how = reducer::sum;
    dtype compute = dtype::float32;
    int node = 0;               // the graph's node that the step was made for: a map's first result
    int rank = 0;               // of the iteration space
    index extent[max_rank] = {1, 1, 1, 1, 1, 1};
    // How many axes stay in the result; they come first. sum<1> of 4 x 8: 1, of extent 4. Of windows: 2, the images and
    // their channels, with a plane of height x width elements for each (0 in the gradient of a weight).
    int kept = 0;
    bool inner_kept = false;    // reduction: a vector holds neighbours along the last kept axis, as in sum<0> of 4 x 8
    index m = 0, n = 0, k = 0;  // contraction
    bool transpose_a = false, transpose_b = false;
    bool turned = false;        // a column a b, one element wide, is computed as the row b^T a^T: in vectors
    // The node that combines, by `how`, the rows of a product or the planes of windows as they are computed, or -1. In
    // sum<0>(relu(matmul(a, b))) the first group is relu, on every row; the epilogue is done once, on the row of sums.
    // Of windows, whose planes are summed to one number a channel, it is done on these numbers.
    int reduction = -1;
    kernels::right_rows rows_b = kernels::right_rows::exact;  // wide: a row's last vector may be read whole
    int first_code = 0, codes = 0, first_store = 0, stores = 0, result = 0;
    int first_epilogue = 0, epilogues = 0, first_epilogue_store = 0, epilogue_stores = 0;
    int first_site = 0, sites = 0;
    index scratch[2] = {};      // how many elements: [0] of a product or of windows, [1] of the windows' table
    windows slide{}, pooled{};  // windows, and those of the pool that takes what they give
    bool pools = false;         // there is such a pool: max_pool2d(relu(conv2d(x, w))) is one step
    space between{};            // the axes of the first group, of windows and products: `extent` has the epilogue's
    int kernel = 0;             // number of the function that runs it; equal steps have the same
    int block = 0;              // on the first of several steps that take turns on rows: how many steps they are
    index turns = 0;            // how many turns these take; extent[0] has the rows of one turn

    constexpr bool combines() const { return reduction >= 0; }
};

constexpr space first_axes(const step& s, int rank) {
    space axes{rank};
    for (int i = 0; i < rank; ++i) axes.extent[i] = s.extent[i];
    return axes;
}

/// How many elements a reduction makes one of.
constexpr index reduced_size(const step& s) {
    index n = 1;
    for (int d = s.kept; d < s.rank; ++d) n *= s.extent[d];
    return n;
}

/// The operands of a kernel before those of its groups.
constexpr int own_sites(const step& s) { return s.what == step_kind::contraction ? 3 : s.what == step_kind::window ? 4 : 0; }

}  // namespace ashlar
