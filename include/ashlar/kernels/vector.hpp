// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/kernels/inlining.hpp"
#include "ashlar/tensor/bound.hpp"

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

// Vectors are the compilers' own: no intrinsics header to parse, one source for SSE2, AVX, AVX-512 and NEON.
// The few builtins below name what plain vector code cannot say (masked loads, square roots, fused multiply-add).
namespace ashlar::kernels {

#if defined(__AVX512F__)
inline constexpr std::ptrdiff_t vector_bytes = 64;
#elif defined(__AVX__)
inline constexpr std::ptrdiff_t vector_bytes = 32;
#else
inline constexpr std::ptrdiff_t vector_bytes = 16;
#endif

// Whether it is worth it to write loops out: without optimisation that only takes long to compile.
#if defined(__OPTIMIZE__)
inline constexpr bool unrolls = true;
#else
inline constexpr bool unrolls = false;
#endif

template <class T, std::ptrdiff_t Bytes>
struct vector_of {
    using type [[gnu::vector_size(Bytes)]] = T;
};

// The length of a native vector; such a vector, or one of N lanes; one of N elements, which may be any number.
template <class T>
inline constexpr std::ptrdiff_t lanes = vector_bytes / static_cast<std::ptrdiff_t>(sizeof(T));
template <class T, std::ptrdiff_t N = lanes<T>>
using vec = typename vector_of<T, N* static_cast<std::ptrdiff_t>(sizeof(T))>::type;
template <class T, std::ptrdiff_t N>
using short_vec = vec<T, N>;

// Lanes of the vectors in which rows of so many elements are multiplied: half of 64 bytes where they fit. Such a vector
// takes a step less to fold, and a row of 8 floats lies in it as it is in memory.
template <class T>
constexpr std::ptrdiff_t lanes_for(std::ptrdiff_t elements) {
    return vector_bytes > 32 && 2 * elements <= lanes<T> ? lanes<T> / 2 : lanes<T>;
}

template <class V>
struct scalar_type {
    using type = std::remove_cvref_t<decltype(std::declval<V&>()[0])>;
};
template <class T>
    requires std::is_arithmetic_v<T>
struct scalar_type<T> {
    using type = T;
};
template <class V>
using scalar_of = typename scalar_type<V>::type;
template <class V>
inline constexpr bool is_vector = !std::is_arithmetic_v<V>;

// The unsigned integers that hold the bits of a float, lane by lane.
template <class V>
struct bits_type {
    using word = std::conditional_t<sizeof(scalar_of<V>) == 8, std::uint64_t, std::uint32_t>;
    using type = typename vector_of<word, static_cast<std::ptrdiff_t>(sizeof(V))>::type;
};
template <class T>
    requires std::is_arithmetic_v<T>
struct bits_type<T> {
    using type = std::conditional_t<sizeof(T) == 8, std::uint64_t, std::uint32_t>;
};
template <class V>
using bits_of = typename bits_type<V>::type;

template <std::ptrdiff_t N>
using lane_sequence = std::make_integer_sequence<std::ptrdiff_t, N>;

namespace detail {

template <class V, std::ptrdiff_t... At>
ASHLAR_INLINE constexpr V repeat(scalar_of<V> value, std::integer_sequence<std::ptrdiff_t, At...>) {
    return V{((void)At, value)...};  // not V{} + value: that is a real addition, which also loses -0
}

template <std::ptrdiff_t From, class V, std::ptrdiff_t... At>
ASHLAR_INLINE inline auto lane_range(V low, V high, std::integer_sequence<std::ptrdiff_t, At...>) {
    return __builtin_shufflevector(low, high, (From + At)...);
}

}  // namespace detail

// A scalar or a vector from a scalar.
template <class V>
ASHLAR_INLINE constexpr V splat(scalar_of<V> value) {
    if constexpr (is_vector<V>)
        return detail::repeat<V>(value, lane_sequence<static_cast<std::ptrdiff_t>(sizeof(V) / sizeof(value))>{});
    else return value;
}

template <class T>
ASHLAR_INLINE constexpr vec<T> broadcast(T value) {
    return splat<vec<T>>(value);
}

// N elements starting at lane From.
template <std::ptrdiff_t From, std::ptrdiff_t N, class V>
ASHLAR_INLINE inline auto part(V v) {
    return detail::lane_range<From>(v, v, lane_sequence<N>{});
}

// One vector behind the other.
template <class V>
ASHLAR_INLINE inline auto join(V low, V high) {
    return detail::lane_range<0>(low, high,
                                 lane_sequence<static_cast<std::ptrdiff_t>(2 * sizeof(V) / sizeof(scalar_of<V>))>{});
}

// A vector as the low lanes of a native one. What is in the others does not matter.
template <class T, class V>
ASHLAR_INLINE inline vec<T> native(V v) {
    if constexpr (sizeof(V) == vector_bytes) {
        return v;
    } else {
#if defined(__AVX512F__) && !defined(__clang__)  // a shuffle would be a copy
        return __builtin_bit_cast(vec<T>, __builtin_ia32_ps512_256ps(__builtin_bit_cast(vec<float, 8>, v)));
#else
        return [v]<std::ptrdiff_t... At>(std::integer_sequence<std::ptrdiff_t, At...>) ASHLAR_INLINE {
            constexpr auto held = static_cast<std::ptrdiff_t>(sizeof(V) / sizeof(T));
            return __builtin_shufflevector(v, v, (At < held ? At : -1)...);
        }(lane_sequence<lanes<T>>{});
#endif
    }
}

namespace detail {

// Above and below all other numbers of a type. (To read <limits> takes longer than all of this file.)
template <class T> inline constexpr T above_all = static_cast<T>(sizeof(T) == 8 ? 0x7fffffffffffffff : 0x7fffffff);
template <class T>
    requires std::is_floating_point_v<T>
#if __FINITE_MATH_ONLY__  // an infinity would be undefined, and clang makes use of that
inline constexpr T above_all<T> = static_cast<T>(sizeof(T) == 8 ? __DBL_MAX__ : __FLT_MAX__);
#else
inline constexpr T above_all<T> = static_cast<T>(__builtin_huge_val());
#endif
template <class T> inline constexpr T below_all = -above_all<T> - (std::is_floating_point_v<T> ? 0 : 1);

}  // namespace detail

// ---- whole numbers wrap ----

// A signed overflow would be undefined, also lane by lane: sums
// and products of whole numbers are those of unsigned ones.
template <class V> concept whole = std::is_integral_v<scalar_of<V>>;

/// The type in which elements of T are multiplied and added up: T itself, unsigned for whole numbers.
template <class T>
struct summed_type {
    using type = T;
};
template <whole T>
struct summed_type<T> {
    using type = bits_of<T>;
};
template <class T>
using summed = typename summed_type<T>::type;

template <whole V>
ASHLAR_INLINE constexpr V wrapped_sum(V a, V b) {
    return __builtin_bit_cast(V, __builtin_bit_cast(bits_of<V>, a) + __builtin_bit_cast(bits_of<V>, b));
}
template <whole V>
ASHLAR_INLINE constexpr V wrapped_difference(V a, V b) {
    return __builtin_bit_cast(V, __builtin_bit_cast(bits_of<V>, a) - __builtin_bit_cast(bits_of<V>, b));
}
template <whole V>
ASHLAR_INLINE constexpr V wrapped_product(V a, V b) {
    return __builtin_bit_cast(V, __builtin_bit_cast(bits_of<V>, a) * __builtin_bit_cast(bits_of<V>, b));
}

}  // namespace ashlar::kernels
