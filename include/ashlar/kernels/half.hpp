// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/kernels/vector.hpp"
#include "ashlar/tensor/half.hpp"

// Vectors of floats from and to memory of bfloat16 and float16.
namespace ashlar::kernels {

namespace detail {

#if defined(__clang__) && defined(__F16C__)
template <std::ptrdiff_t N>
using ieee_halves = vec<_Float16, N>;  // the language's own: without F16C they are calls of functions
#endif

template <std::ptrdiff_t N>
using half_bits = short_vec<std::uint16_t, N>;

}  // namespace detail

/// The floats that N elements of Half are.
template <class Half, std::ptrdiff_t N>
ASHLAR_INLINE inline short_vec<float, N> widened(const detail::half_bits<N>& x) {
    using words = short_vec<std::uint32_t, N>;
    using numbers = short_vec<std::int32_t, N>;
    using floats = short_vec<float, N>;
    if constexpr (std::is_same_v<Half, bfloat16>)
        return __builtin_bit_cast(floats, __builtin_convertvector(x, words) << 16);
#if defined(__F16C__)
    #if defined(__clang__)
    else if constexpr (N >= 4) return __builtin_convertvector(__builtin_bit_cast(detail::ieee_halves<N>, x), floats);
    #else
    else if constexpr (N == 8) return __builtin_ia32_vcvtph2ps256(__builtin_bit_cast(short_vec<short, 8>, x));
        #if defined(__AVX512F__)
    else if constexpr (N == 16)
        return __builtin_ia32_vcvtph2ps512_mask(__builtin_bit_cast(short_vec<short, 16>, x), floats{}, -1, 4);
        #endif
    #endif
#endif
    else
        return __builtin_bit_cast(floats, ashlar::detail::from_float16<floats>(
                                              __builtin_bit_cast(numbers, __builtin_convertvector(x, words))));
}

/// The bits of N floats as elements of Half, each in a word of its own.
template <class Half, class V>
ASHLAR_INLINE inline bits_of<V> narrowed_in_words(const V& x) {
    constexpr auto n = static_cast<std::ptrdiff_t>(sizeof(V) / sizeof(float));
    using numbers = short_vec<std::int32_t, n>;
    if constexpr (std::is_same_v<Half, bfloat16>)
        return ashlar::detail::to_bfloat16<numbers>(__builtin_bit_cast(bits_of<V>, x));
    else return __builtin_bit_cast(bits_of<V>, ashlar::detail::to_float16<V>(__builtin_bit_cast(numbers, x)));
}

/// The bits of N floats as elements of Half.
template <class Half, class V>
ASHLAR_INLINE inline auto narrowed(const V& x) {
    constexpr auto n = static_cast<std::ptrdiff_t>(sizeof(V) / sizeof(float));
    using bits = detail::half_bits<n>;
#if defined(__F16C__)
    if constexpr (std::is_same_v<Half, float16> && n == 8)
        return __builtin_bit_cast(bits, __builtin_ia32_vcvtps2ph256(x, 0));
    #if defined(__AVX512F__)
    else if constexpr (std::is_same_v<Half, float16> && n == 16)
        return __builtin_bit_cast(bits, __builtin_ia32_vcvtps2ph512_mask(x, 0, short_vec<short, 16>{}, 0xffff));
    #endif
    else
#endif
        return __builtin_convertvector(narrowed_in_words<Half>(x), bits);
}

/// Numbers as they are after they have been elements of Half.
template <class Half, class V>
ASHLAR_INLINE constexpr V rounded_to(V x) {
    if constexpr (!is_vector<V>) {
        return static_cast<V>(static_cast<float>(Half{x}));
    } else if constexpr (std::is_same_v<scalar_of<V>, float>) {
        if constexpr (std::is_same_v<Half, bfloat16>) return __builtin_bit_cast(V, narrowed_in_words<Half>(x) << 16);
        else return widened<Half, static_cast<std::ptrdiff_t>(sizeof(V) / sizeof(float))>(narrowed<Half>(x));
    } else {
        using floats = short_vec<float, static_cast<std::ptrdiff_t>(sizeof(V) / sizeof(scalar_of<V>))>;
        return __builtin_convertvector(rounded_to<Half>(__builtin_convertvector(x, floats)), V);
    }
}

// ---- memory ----

namespace detail {

template <class To, std::ptrdiff_t N, class Half>
ASHLAR_INLINE inline short_vec<To, N> load_half(const Half* p) {
    half_bits<N> bits;
    __builtin_memcpy(&bits, p, sizeof bits);
    if constexpr (std::is_same_v<To, float>) return widened<Half, N>(bits);
    else return __builtin_convertvector((widened<Half, N>(bits)), short_vec<To, N>);
}
/// The first n, 0 < n <= N; the other lanes are zero.
template <class To, std::ptrdiff_t N, class Half>
ASHLAR_INLINE inline short_vec<To, N> load_half(const Half* p, std::ptrdiff_t n) {
    Half buffer[bound_of(N)]{};
    for (std::ptrdiff_t i = 0; i < n; ++i) buffer[i] = p[i];
    return load_half<To, N>(buffer);
}

template <class Half, class V>
ASHLAR_INLINE inline auto halves_of(const V& v) {
    if constexpr (std::is_same_v<scalar_of<V>, float>) return narrowed<Half>(v);
    else
        return narrowed<Half>(__builtin_convertvector(
            v, short_vec<float, static_cast<std::ptrdiff_t>(sizeof(V) / sizeof(scalar_of<V>))>));
}
template <class Half, class V>
ASHLAR_INLINE inline void store_half(Half* p, const V& v) {
    const auto bits = halves_of<Half>(v);
    __builtin_memcpy(p, &bits, sizeof bits);
}
template <class Half, class V>
ASHLAR_INLINE inline void store_half(Half* p, const V& v, std::ptrdiff_t n) {
    Half buffer[sizeof(V) / sizeof(scalar_of<V>)];
    store_half(buffer, v);
    for (std::ptrdiff_t i = 0; i < n; ++i) p[i] = buffer[i];
}

}  // namespace detail
}  // namespace ashlar::kernels
