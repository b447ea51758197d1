// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/kernels/simd.hpp"

// Registers of a loop that mixes element types. It goes through as many elements at a time as a vector of T has lanes,
// the type of the kernel. Of a type twice as wide they are two vectors, of one half as wide the first half of one: a
// loop over float beside int64 has 16 floats in a register and 2 x 8 int64, one over double beside int32 8 of each.
namespace ashlar::kernels {

/// The vectors of a register of elements U, and how many elements are in each.
template <class T, class U> inline constexpr int parts = sizeof(U) > sizeof(T) ? 2 : 1;
template <class T, class U> inline constexpr std::ptrdiff_t lanes_in_part = lanes<T> < lanes<U> ? lanes<T> : lanes<U>;

/// Part P, as elements To, of a register of elements From.
template <class T, class To, int P, class From> ASHLAR_INLINE inline vec<To> part_as(const vec<From>* from) {
    if constexpr (std::is_same_v<To, From>) {
        return from[P];
    } else if constexpr (sizeof(To) == sizeof(From)) {
        vec<To> to;
        convert<To>(from[P], to);
        return to;
    } else if constexpr (sizeof(To) > sizeof(From)) {
        vec<To> to;
        convert<To>(part<P * lanes<To>, lanes<To>>(from[0]), to);
        return to;
    } else {
        short_vec<To, lanes<From>> low, high{};
        convert<To>(from[0], low);
        if constexpr (parts<T, From> == 2) convert<To>(from[1], high);
        return join(low, high);
    }
}

/// Part P of a register of elements U from memory of elements From.
template <class T, class U, int P, class From> ASHLAR_INLINE inline vec<U> load_part(const From* p) {
    if constexpr (lanes_in_part<T, U> == lanes<U>) {
        return load_as<U>(p + P * lanes<U>);
    } else if constexpr (is_half<From>) {
        return detail::with_zeros(detail::load_half<U, lanes<T>>(p));
    } else {
        using element = std::conditional_t<std::is_same_v<From, bool>, unsigned char, From>;
        short_vec<element, lanes<T>> v;
        __builtin_memcpy(&v, p, sizeof v);
        return detail::with_zeros(__builtin_convertvector(v, short_vec<U, lanes<T>>));
    }
}
/// Of its first n elements, 0 < n <= lanes<T>.
template <class T, class U, int P, class From>
ASHLAR_INLINE inline vec<U> load_part(const From* p, std::ptrdiff_t n) {
    constexpr std::ptrdiff_t begin = P * lanes<U>;
    if constexpr (P > 0)
        if (n <= begin) return vec<U>{};
    return load_partial_as<U>(p + begin, n - begin < lanes<U> ? n - begin : lanes<U>);
}
/// Of elements that are `step` apart.
template <class T, class U, int P, class From>
ASHLAR_INLINE inline vec<U> load_part(const From* p, std::ptrdiff_t step, std::ptrdiff_t n) {
    U lane[lanes<U>]{};
    for (std::ptrdiff_t i = 0; i < lanes_in_part<T, U> && P * lanes<U> + i < n; ++i)
        lane[i] = static_cast<U>(p[(P * lanes<U> + i) * step]);
    return load(lane);
}

/// Part P of a register into memory of elements To.
template <class T, int P, class To, class V> ASHLAR_INLINE inline void store_part(To* p, V v) {
    constexpr std::ptrdiff_t n = lanes_in_part<T, scalar_of<V>>;
    if constexpr (n == lanes<scalar_of<V>>) store_as<To>(p + P * n, v);
    else store_as<To>(p, part<0, n>(v));
}
template <class T, int P, class To, class V>
ASHLAR_INLINE inline void store_part(To* p, V v, std::ptrdiff_t step, std::ptrdiff_t n) {
    constexpr std::ptrdiff_t width = lanes_in_part<T, scalar_of<V>>;
    for (std::ptrdiff_t i = 0; i < width && P * width + i < n; ++i) p[(P * width + i) * step] = converted<To>(v[i]);
}

}  // namespace ashlar::kernels
