// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/expr/list.hpp"
#include "ashlar/expr/record.hpp"
#include "ashlar/tensor/shape.hpp"

namespace ashlar {

/// How an operand moves along the innermost axis of a loop.
enum class along : unsigned char { stays, runs, strides };

enum class source : unsigned char { load, constant, op, accumulator };

/// Whether a sum and one of its arguments, a product, are rounded together; `taken` on the line of that product.
enum class with_product : unsigned char { no, first, second, taken };

/// One line of a fused loop: register i is the result of instruction i.
struct instruction {
    source from = source::load;
    dtype type = dtype::float32;    // of the register: an op converts what it reads to it, and computes in it
    dtype stored = dtype::float32;  // in memory, of what is loaded
    along inner = along::runs;
    with_product product = with_product::no;
    short a = 0, b = 0, c = 0;  // registers
    const op_record* op = nullptr;
    std::uint64_t bits = 0;  // of the constant, as a double

    // Asked here and not where they are used: for each comparison of an enumeration clang goes through all operators
    // that the language has, in a template once more for each instance.
    constexpr bool loads() const { return from == source::load; }
    constexpr bool computes() const { return from == source::op; }
    constexpr bool is_constant() const { return from == source::constant; }
    constexpr bool is_accumulator() const { return from == source::accumulator; }
    constexpr bool rounds_alone() const { return product == with_product::no; }
    constexpr bool takes_first() const { return product == with_product::first; }
    constexpr bool stays() const { return inner == along::stays; }
    constexpr bool strides() const { return inner == along::strides; }

    /// All enumerations in one number, of 16 bits.
    constexpr std::uint64_t choices() const {
        return static_cast<std::uint64_t>(from) | static_cast<std::uint64_t>(type) << 4 |
               static_cast<std::uint64_t>(stored) << 8 | static_cast<std::uint64_t>(inner) << 12 |
               static_cast<std::uint64_t>(product) << 14;
    }
    /// Whether a result is one of uint8, which is `stored` for it: int32 registers wrap at 256.
    constexpr bool wraps() const { return computes() && is_uint8(stored); }
    /// Whether it is the sum or the difference of truth values: 1 where that is not 0.
    constexpr bool sums_truths() const { return computes() && is_boolean(stored) && op->takes_products; }
    constexpr bool settles() const { return wraps() || sums_truths(); }
};

struct store_instruction {
    short from = 0;
    dtype type = dtype::float32;
    along inner = along::runs;
    int part = no_index;  // the placement whose window is written: for who prints

    constexpr bool strides() const { return inner == along::strides; }
};

constexpr std::uint64_t id_of(const instruction& i) { return i.computes() ? i.op->id : 0; }

constexpr bool same(const instruction& x, const instruction& y) {
    return x.choices() == y.choices() && x.a == y.a && x.b == y.b && x.c == y.c && x.bits == y.bits &&
           (!x.computes() || (x.op->id == y.op->id && x.op == y.op));
}
constexpr bool same(const store_instruction& x, const store_instruction& y) {
    return x.from == y.from && are_same(x.type, y.type) && x.inner == y.inner;
}

/// The canonical form of a fused loop: a template argument, so that equal loops of a program share one kernel. Packed,
/// because compilers compare, hash and spell out all of it in every name that is made of it.
template <int Instructions, int Stores> struct loop_body {
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
        code[i] = {x.op, x.bits, x.choices() | reg(x.a) << 16 | reg(x.b) << 32 | reg(x.c) << 48};
    }
    constexpr instruction line(int i) const {
        const std::uint64_t r = code[i].rest;
        return {static_cast<source>(r & 15),
                static_cast<dtype>(r >> 4 & 15),
                static_cast<dtype>(r >> 8 & 15),
                static_cast<along>(r >> 12 & 3),
                static_cast<with_product>(r >> 14 & 3),
                static_cast<short>(r >> 16),
                static_cast<short>(r >> 32),
                static_cast<short>(r >> 48),
                code[i].op,
                code[i].bits};
    }
    constexpr void set_store(int i, const store_instruction& x) {
        out[i] = static_cast<std::uint32_t>(static_cast<std::uint16_t>(x.from)) << 8 |
                 static_cast<std::uint32_t>(x.type) << 4 | static_cast<std::uint32_t>(x.inner);
    }
    constexpr store_instruction store(int i) const {
        return {static_cast<short>(out[i] >> 8), static_cast<dtype>(out[i] >> 4 & 15), static_cast<along>(out[i] & 15)};
    }

    /// Whether some registers have another type than those of the kernel around it, wrap or are sums of truth values.
    constexpr bool is_mixed(dtype kernel) const {
        for (int i = 0; i < Instructions; ++i)
            if ((code[i].rest >> 4 & 15) != static_cast<std::uint64_t>(kernel) || line(i).settles()) return true;
        return false;
    }
    /// Its instructions without those that only keep a number as it is: a loop is as long whether its operands were
    /// held in registers or in memory, and so combines what it computes in the same order.
    constexpr int length() const {
        int n = 0;
        for (int i = 0; i < Instructions; ++i) n += line(i).computes() && code[i].op->rounds_only ? 0 : 1;
        return n;
    }
    /// The same loop as one of the kernel's type alone: its operands lie where those of this one do.
    constexpr loop_body in_one_type(dtype kernel) const {
        loop_body g = *this;
        for (int i = 0; i < Instructions; ++i) {
            instruction now = line(i);
            assign(now.type, kernel);
            if (now.computes()) assign(now.stored, kernel);  // nothing wraps
            g.set(i, now);
        }
        return g;
    }

    constexpr bool is_load(int i) const { return (code[i].rest & 15) == static_cast<std::uint64_t>(source::load); }
    constexpr int loads() const { return operand(Instructions); }
    /// The number of an operand among the loads before instruction i.
    constexpr int operand(int i) const {
        int n = 0;
        for (int k = 0; k < i; ++k) n += is_load(k) ? 1 : 0;
        return n;
    }
};

}  // namespace ashlar
