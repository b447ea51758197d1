// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/constant/steps.hpp"

// What one line of a fused loop does, whichever registers it reads and whichever loop it is of: a product of two
// registers is the same in all loops. So it is compiled once for all, and the loop's long type is in none of it.
namespace ashlar::detail {

struct line_work {
    source from = source::constant;
    dtype type = dtype::float32;  // in memory, of what is loaded
    along inner = along::stays;
    bool fenced = false;  // what the compiler may not contract into a sum: that is the plan's choice
    const op_record* op = nullptr;

    // Asked here and not where they are used: for each comparison of an enumeration clang goes through all operators
    // that the language has, in a template once more for each line.
    constexpr bool computes() const { return from == source::op; }
    constexpr bool loads() const { return from == source::load; }
    constexpr bool is_constant() const { return from == source::constant; }
    constexpr bool stays() const { return inner == along::stays; }
    constexpr bool runs() const { return inner == along::runs; }
};

template <class V> constexpr element_function<V> evaluator_in(const op_record& op) {
    if constexpr (std::is_arithmetic_v<V>) return evaluators_in<V>(op).scalar;
    else return evaluators_in<kernels::scalar_of<V>>(op).vector;
}

/// What a line reads: its registers, the number of its operand, or the bits of its constant.
constexpr std::uint64_t line_input(short a, short b, short c) {
    const auto bits = [](short r) { return static_cast<std::uint64_t>(static_cast<std::uint16_t>(r)); };
    return bits(a) | bits(b) << 16 | bits(c) << 32;
}
/// A constant of its own in the code of a loop: g++ writes into memory first what it reads of a table.
template <std::uint64_t Input> inline constexpr std::uint64_t input_of_line = Input;

/// V: a number, or a vector of them.
template <line_work Work, class V> ASHLAR_INLINE inline V call_op(const V* r, std::uint64_t input) {
    constexpr element_function<V> f = evaluator_in<V>(*Work.op);
    const auto a = input & 0xffff;
    [[maybe_unused]] const auto b = input >> 16 & 0xffff, c = input >> 32;
    V y;
    if constexpr (Work.op->arity == 1) y = f.unary(r[a]);
    else if constexpr (Work.op->arity == 2) y = f.binary(r[a], r[b]);
    else y = f.ternary(r[a], r[b], r[c]);
    if constexpr (Work.fenced) return kernels::rounded(y);
    else return y;
}

/// One element.
template <line_work Work, class T>
ASHLAR_INLINE inline T element_of_line([[maybe_unused]] const T* r, [[maybe_unused]] const address* in,
                                       [[maybe_unused]] const index* step, [[maybe_unused]] std::uint64_t input,
                                       [[maybe_unused]] index j, [[maybe_unused]] T accumulator) {
    if constexpr (Work.computes()) {
        return call_op<Work>(r, input);
    } else if constexpr (Work.is_constant()) {
        return static_cast<T>(std::bit_cast<double>(input));
    } else if constexpr (!Work.loads()) {
        return accumulator;
    } else {
        const auto* p = in[input].template as<element_t<Work.type>>();
        if constexpr (Work.stays()) return static_cast<T>(*p);
        else if constexpr (Work.runs()) return static_cast<T>(p[j]);
        else return static_cast<T>(p[j * step[input]]);
    }
}

template <class T, class P> ASHLAR_INLINE inline kernels::vec<T> strided(const P* p, index step, index count) {
    if constexpr (std::same_as<P, T>)
        return count == kernels::lanes<T> ? kernels::gather(p, step) : kernels::gather_partial(p, step, count);
    T lane[kernels::lanes<T>]{};
    for (index i = 0; i < count; ++i) lane[i] = static_cast<T>(p[i * step]);
    return kernels::load(lane);
}

/// A vector of `count` elements, all lanes if Whole.
template <line_work Work, bool Whole, class T>
ASHLAR_INLINE inline kernels::vec<T>
vector_of_line([[maybe_unused]] const kernels::vec<T>* r, [[maybe_unused]] const address* in,
               [[maybe_unused]] const index* step, [[maybe_unused]] std::uint64_t input, [[maybe_unused]] index j,
               [[maybe_unused]] index count, [[maybe_unused]] kernels::vec<T> accumulator) {
    if constexpr (Work.computes()) {
        return call_op<Work>(r, input);
    } else if constexpr (Work.is_constant()) {
        return kernels::broadcast(static_cast<T>(std::bit_cast<double>(input)));
    } else if constexpr (!Work.loads()) {
        return accumulator;
    } else {
        const auto* p = in[input].template as<element_t<Work.type>>();
        if constexpr (Work.stays()) return kernels::broadcast(static_cast<T>(*p));
        else if constexpr (!Work.runs())
            return strided<T>(p + j * step[input], step[input], Whole ? kernels::lanes<T> : count);
        else return Whole ? kernels::load_as<T>(p + j) : kernels::load_partial_as<T>(p + j, count);
    }
}

/// Stores one element.
template <dtype To, along Inner, class T>
ASHLAR_INLINE inline void put_element(address out, [[maybe_unused]] index step, index j, T value) {
    using to = element_t<To>;
    out.template as<to>()[Inner == along::runs ? j : j * step] = kernels::converted<to>(value);
}

/// Stores a vector of `count` elements, all lanes if Whole.
template <dtype To, along Inner, bool Whole, class V>
ASHLAR_INLINE inline void put_lanes(address out, [[maybe_unused]] index step, index j, [[maybe_unused]] index count,
                                    V v) {
    using to = element_t<To>;
    to* p = out.template as<to>();
    if constexpr (Inner == along::strides) {
        for (index i = 0; i < (Whole ? kernels::lanes<kernels::scalar_of<V>> : count); ++i)
            p[(j + i) * step] = kernels::converted<to>(v[i]);
    } else if constexpr (Whole) {
        kernels::store_as<to>(p + j, v);
    } else {
        kernels::store_partial_as<to>(p + j, v, count);
    }
}

}  // namespace ashlar::detail
