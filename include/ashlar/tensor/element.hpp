// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/tensor/half.hpp"

namespace ashlar {

/// Element types. `boolean` exists as the result of comparisons, `int32` as index and
/// result, `int64` as sum of whole numbers, `uint8` as pixel: it wraps at 256. `bfloat16` and `float16` are for memory
/// alone: what is read of them is float32.
enum class dtype : unsigned char { float32, float64, int32, boolean, int64, uint8, bfloat16, float16 };

/// What is known of an element type.
struct element_facts {
    const char* conversion;  // the op that gives it
    const char* memory;      // how a plan names memory of it
    int bytes;
    int promotes;  // of two types the result has the one with the larger number
    bool is_floating;
    dtype computes;  // what loops have in their registers: truth values are 0 and 1 of whatever type
};

/// All of them, in the order of `dtype`: with the lines below the only list there is.
inline constexpr element_facts element_table[] = {
    {"to<float>", "f32", 4, 4, true, dtype::float32},     {"to<double>", "f64", 8, 5, true, dtype::float64},
    {"to<int>", "i32", 4, 2, false, dtype::int32},        {"to<bool>", "b8", 1, 0, false, dtype::int32},
    {"to<int64>", "i64", 8, 3, false, dtype::int64},      {"to<uint8>", "u8", 1, 1, false, dtype::int32},
    {"to<bfloat16>", "bf16", 2, 4, true, dtype::float32}, {"to<float16>", "f16", 2, 4, true, dtype::float32},
};
inline constexpr int dtypes = sizeof element_table / sizeof element_table[0];

template <class... T> struct type_list {};
using element_types = type_list<float, double, std::int32_t, bool, std::int64_t, std::uint8_t, bfloat16, float16>;
/// Those that results of ops have unless one is told to store another.
using result_types = type_list<float, double, std::int32_t, bool, std::int64_t, std::uint8_t>;

template <dtype Type> struct element_of;
template <> struct element_of<dtype::float32> {
    using type = float;
};
template <> struct element_of<dtype::float64> {
    using type = double;
};
template <> struct element_of<dtype::int32> {
    using type = std::int32_t;
};
template <> struct element_of<dtype::boolean> {
    using type = bool;
};
template <> struct element_of<dtype::int64> {
    using type = std::int64_t;
};
template <> struct element_of<dtype::uint8> {
    using type = std::uint8_t;
};
template <> struct element_of<dtype::bfloat16> {
    using type = bfloat16;
};
template <> struct element_of<dtype::float16> {
    using type = float16;
};

template <class T> inline constexpr int element_number = -1;
template <> inline constexpr int element_number<float> = 0;
template <> inline constexpr int element_number<double> = 1;
template <> inline constexpr int element_number<std::int32_t> = 2;
template <> inline constexpr int element_number<bool> = 3;
template <> inline constexpr int element_number<std::int64_t> = 4;
template <> inline constexpr int element_number<std::uint8_t> = 5;
template <> inline constexpr int element_number<bfloat16> = 6;
template <> inline constexpr int element_number<float16> = 7;

template <class T> inline constexpr bool is_element = element_number<T> >= 0;
template <class T> concept element = is_element<T>;
template <element T> inline constexpr dtype dtype_of = static_cast<dtype>(element_number<T>);

constexpr bool is_floating(dtype t) { return element_table[static_cast<int>(t)].is_floating; }
// For each comparison of enumerations clang goes through all operators that the language has: so it does for
// assignments. Most are made here.
constexpr bool are_same(dtype a, dtype b) { return a == b; }
constexpr void assign(dtype& to, dtype type) { to = type; }
constexpr bool is_float32(dtype t) { return t == dtype::float32; }
constexpr bool is_float64(dtype t) { return t == dtype::float64; }
constexpr bool is_boolean(dtype t) { return t == dtype::boolean; }
constexpr bool is_uint8(dtype t) { return t == dtype::uint8; }
constexpr bool is_wide(dtype t) { return element_table[static_cast<int>(t)].bytes == 8; }
constexpr dtype register_type(dtype t) { return element_table[static_cast<int>(t)].computes; }
/// The type of what is computed of one operand: as ever but for those that are for memory alone, which come last.
constexpr dtype arithmetic_type(dtype t) { return t < dtype::bfloat16 ? t : dtype::float32; }
/// The type of what is computed of two. (Mostly it is that of both, and compilers read tables slowly.)
constexpr dtype promote(dtype a, dtype b) {
    return arithmetic_type(
        a == b || element_table[static_cast<int>(a)].promotes >= element_table[static_cast<int>(b)].promotes ? a : b);
}

/// Whether an expression of floats may be written into memory of a type without being told to: it is rounded there.
template <class To, class From> inline constexpr bool may_be_stored = false;
template <class T> inline constexpr bool may_be_stored<T, T> = true;
template <> inline constexpr bool may_be_stored<bfloat16, float> = true;
template <> inline constexpr bool may_be_stored<float16, float> = true;

}  // namespace ashlar
