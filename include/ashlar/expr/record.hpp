// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/expr/kind.hpp"
#include "ashlar/kernels/simd.hpp"
#include "ashlar/tensor/shape.hpp"

#include <cstdint>

namespace ashlar {

enum class reducer : unsigned char { sum, product, maximum, minimum, argmax, argmin };

class graph;
struct attributes;

/// What an op computes of elements, by its arity. The functions are the op's own `eval`: one around them would be
/// one more for each op and type, and one more call for the limits of constant evaluation.
template <class V> struct element_function {
    V (*unary)(V) = nullptr;
    V (*binary)(V, V) = nullptr;
    V (*ternary)(V, V, V) = nullptr;

    ASHLAR_INLINE constexpr V operator()(int arity, V a, V b, V c) const {
        return arity == 1 ? unary(a) : arity == 2 ? binary(a, b) : ternary(a, b, c);
    }
};

/// Of one number, and of a vector of them.
template <class T> struct evaluators {
    element_function<T> scalar{};
    element_function<kernels::vec<T>> vector{};
};

/// An op as a value: what the graph stores. The functions are constant expressions, so that a call through the record
/// inside a kernel is direct and inlined.
struct op_record {
    const char* name = "";  // for the reader: two ops may have one name
    std::uint64_t id = 0;   // a hash of the op's type: see `same`
    kind what = kind::elementwise;
    kind_facts facts = facts_of(what);
    reducer how = reducer::sum;
    int cost = 1;  // flops an element
    int arity = 0;
    bool same_value = false;  // element-wise, but computes nothing: kernels skip it
    bool commutative = false;
    bool nondecreasing =
        false;  // in every argument, also as it rounds: the largest result is that of the largest argument
    evaluators<float> f32{};
    evaluators<double> f64{};
    evaluators<std::int32_t> i32{};
    evaluators<std::int64_t> i64{};
    // Whether the functions below are there: in constant evaluation with sanitizers an address has no comparison with
    // null.
    bool evaluates = false, differentiable = false, simplifies = false;
    bool may_end_in_product = false;  // which compilers could contract into a sum that reads it
    // A product; a sum, and what that becomes with a product as its argument
    // i: `with_product[i]` of the product's arguments and its other one.
    bool is_product = false, takes_products = false;
    const op_record* with_product[2] = {};
    bool is_random = false;    // drawn by a counter, as often as it is read: no memory is worth its bits
    bool rounds_only = false;  // the value of its argument: nothing that constant evaluation has to call
    // A derivative does not look behind it. Other ops that are not differentiable (floor) have one of 0.
    bool stops_gradients = false;
    // Appends the adjoints of the arguments of node y to the graph: to[i] is a node, or no_index.
    void (*pullback)(graph&, int y, int g, int* to) = nullptr;
    // A simpler node that has the same value as this op of these arguments, or no_index.
    int (*simplify)(graph&, const int* arguments, const attributes&) = nullptr;
    const char* infix = nullptr;  // how `print` writes it
    int precedence = 0;
};

constexpr std::uint64_t hash_text(const char* s) {
    std::uint64_t h = 14695981039346656037ull;
    for (; *s != '\0'; ++s) h = (h ^ static_cast<unsigned char>(*s)) * 1099511628211ull;
    return h;
}
/// A type as the compiler spells it, after words that are the same for all: "... [with Type = ashlar::add_op]".
template <class Type> consteval const char* spelling() { return __PRETTY_FUNCTION__; }
inline constexpr int spelling_begins = [] {
    int n = 0;
    while (spelling<int>()[n] == spelling<bool>()[n]) ++n;
    return n;
}();
/// The hash of a type. Each character costs the compiler some microseconds, so only of what differs.
template <class Op> consteval std::uint64_t hash_type() { return hash_text(spelling<Op>() + spelling_begins); }

/// Whether both are the record of one op. Each op has one record, so their addresses decide.
/// The ids come first, because g++ with -fsanitize=undefined compares only equal addresses
/// while compiling: there two ops whose types are spelt alike (two lambdas of one function
/// as template arguments) end in "not a constant expression" rather than in one op.
constexpr bool same(const op_record& a, const op_record& b) { return a.id == b.id && &a == &b; }

/// The record of an op; its kind says how it is made.
template <class Op> inline constexpr op_record record = Op::template describe<Op>();

/// The three leaves of a graph, which are not ops that a user calls.
inline constexpr op_record input_record{.name = "input", .id = hash_text("input"), .what = kind::input, .cost = 0};
inline constexpr op_record constant_record{
    .name = "constant", .id = hash_text("constant"), .what = kind::constant, .cost = 0};
inline constexpr op_record range_record{.name = "arange", .id = hash_text("arange"), .what = kind::range, .cost = 0};

}  // namespace ashlar
