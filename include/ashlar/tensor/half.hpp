// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <type_traits>

namespace ashlar {
namespace detail {

// Conversions in whole numbers, to the nearest and to even between two: the same bits on every processor, also where
// numbers too small for their type count as 0. For one number or a vector of them. F holds floats, S and U as many
// whole numbers of 32 bits, of which the low 16 are those of a half.

template <class S, class U> [[gnu::always_inline]] constexpr U to_bfloat16(U x) {
    return (__builtin_bit_cast(S, x & 0x7fffffffu) > 0x7f800000 ? x | 0x400000u  // nan
                                                                : x + 0x7fffu + (x >> 16 & 1u)) >>
           16;
}

// What is below 2^-14 has fewer bits, as many as are left of it beside 1/2.
template <class F, class S> [[gnu::always_inline]] constexpr S to_float16(S x) {
    const S size = x & 0x7fffffff;
    return (size < 0x38800000   ? __builtin_bit_cast(S, __builtin_bit_cast(F, size) + 0.5f) - 0x3f000000
            : size < 0x47800000 ? (size - (0x38000000 - 0xfff) + (size >> 13 & 1)) >> 13
            : size > 0x7f800000 ? (size >> 13 & 0x3ff) | 0x7e00  // nan
                                : S{} + 0x7c00) |
           (x >> 16 & 0x8000);
}
template <class F, class S> [[gnu::always_inline]] constexpr S from_float16(S x) {
    const S size = x & 0x7fff;
    return (size < 0x400     ? __builtin_bit_cast(S, __builtin_bit_cast(F, size | 0x3f000000) - 0.5f)
            : size < 0x7c00  ? (size << 13) + 0x38000000
            : size == 0x7c00 ? S{} + 0x7f800000
                             : (size << 13 | 0x400000) + 0x70000000) |
           (x & 0x8000) << 16;
}

}  // namespace detail

/// A float without its low 16 bits: 8 bits of an exponent, 8 of digits. To be kept in memory; what is computed of it is
/// a float.
struct bfloat16 {
    std::uint16_t bits;

    bfloat16() = default;
    /// The nearest one, of two the even; a double becomes a float first, as in PyTorch.
    template <class X>
        requires std::is_arithmetic_v<X>
    constexpr bfloat16(X nearest_to)
        : bits{static_cast<std::uint16_t>(
              detail::to_bfloat16<std::int32_t>(__builtin_bit_cast(std::uint32_t, static_cast<float>(nearest_to))))} {}
    constexpr operator float() const { return __builtin_bit_cast(float, static_cast<std::uint32_t>(bits) << 16); }
};

/// IEEE's number of 16 bits: 5 of an exponent, 11 of digits, up to 65504. To be kept in memory, as `bfloat16`.
struct float16 {
    std::uint16_t bits;

    float16() = default;
    template <class X>
        requires std::is_arithmetic_v<X>
    constexpr float16(X nearest_to)
        : bits{static_cast<std::uint16_t>(
              detail::to_float16<float>(__builtin_bit_cast(std::int32_t, static_cast<float>(nearest_to))))} {}
    constexpr operator float() const {
        return __builtin_bit_cast(float, detail::from_float16<float>(static_cast<std::int32_t>(bits)));
    }
};

/// The types that are kept in memory and never computed in.
template <class T> inline constexpr bool is_half = false;
template <> inline constexpr bool is_half<bfloat16> = true;
template <> inline constexpr bool is_half<float16> = true;

}  // namespace ashlar
