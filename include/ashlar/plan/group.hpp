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
           id_of(x) == id_of(y) && (x.from != source::op || x.op == y.op);
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

/// Where an operand of a step lies: element `offset` of a place of the address table, and its stride along every axis.
struct site {
    int place = 0;
    index offset = 0;
    index stride[max_rank] = {};
    index advance = 0;  // from one turn through rows to the next
};

enum class step_kind : unsigned char { map, reduce, contraction, window, range };

/// Axes that a loop runs over.
struct space {
    int rank = 0;
    index extent[max_rank] = {1, 1, 1, 1, 1, 1};
};

/// Elements of a matrix beyond the first cache: from there on its rows are gone through in turns.
inline constexpr index least_turned_size = 8192;

/// One kernel call. Operands are `sites` from `first_site`: for a map the loads and stores of its group; for a reduction
/// those of the loop, then those of the epilogue; for a contraction a, b, scratch, those of the group whose rows are
/// combined, then those of the epilogue; for windows both arguments, two of scratch, those of the group between a
/// convolution and its pool or sum, those of the epilogue.
struct step {
    step_kind what = step_kind::map;
    reducer how = reducer::sum;
    dtype compute = dtype::float32;
    int node = 0;               // the contraction, reduction or first root
    int rank = 0;               // of the iteration space
    index extent[max_rank] = {1, 1, 1, 1, 1, 1};
    int kept = 0;               // reduction: the leading axes, which stay; windows: those of whole planes
    bool inner_kept = false;    // reduction: the last of the kept axes is innermost in memory
    index m = 0, n = 0, k = 0;  // contraction
    bool transpose_a = false, transpose_b = false;
    bool turned = false;        // the product is the transpose of what is asked for: a column, as a row
    int reduction = -1;         // the node that combines, by `how`, rows or planes: the epilogue takes one row in the same space, or one element a channel
    kernels::right_rows rows_b = kernels::right_rows::exact;  // wide: what follows a row of b is b's own memory
    int first_code = 0, codes = 0, first_store = 0, stores = 0, result = 0;
    int first_epilogue = 0, epilogues = 0, first_epilogue_store = 0, epilogue_stores = 0;
    int first_site = 0, sites = 0;
    index scratch[2] = {};      // what is reserved of it, in elements: of a product; of windows, and of their table
    windows slide{}, pooled{};  // windows, and those of the pool that takes what they give
    bool pools = false;         // there is one
    space between{};            // the axes of the group before the epilogue, of windows and products
    int kernel = 0;             // equal steps share one
    int block = 0;              // on the first of several steps that go through their rows together: how many they are
    index turns = 0;            // how often those are run: the leading axis has the rows of one turn

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
