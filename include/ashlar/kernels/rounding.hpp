// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/kernels/simd.hpp"

// What needs no approximation: bits, signs, rounding, square roots.
// Every function here and in exp, log, pow, trigonometry is one algorithm for float, double and vectors of them;
// scalars work in constant expressions, where a NaN operand or an overflow is an error: hence their early returns.
#if defined(__clang__)
    #pragma float_control(precise, on, push)
#endif
namespace ashlar::kernels {

template <class T>
struct format;

template <>
struct format<float> {
    static constexpr int mantissa = 23;
    static constexpr std::uint32_t one = 0x3f800000U, sign = 0x80000000U;
    static constexpr float infinity = __builtin_bit_cast(float, 0x7f800000U);
    static constexpr float nan = __builtin_bit_cast(float, 0x7fc00000U);
    static constexpr float smallest = 0x1p-126f;  // normal
    static constexpr float largest = 0x1.fffffep127f;
    static constexpr float integral = 0x1p23f;  // from here on there are no fractions
    static constexpr float magic = 0x1.8p23f;   // adding it rounds, and leaves the integer in the low bits
};

template <>
struct format<double> {
    static constexpr int mantissa = 52;
    static constexpr std::uint64_t one = 0x3ff0000000000000U, sign = 0x8000000000000000U;
    static constexpr double infinity = __builtin_bit_cast(double, std::uint64_t{0x7ff0000000000000U});
    static constexpr double nan = __builtin_bit_cast(double, std::uint64_t{0x7ff8000000000000U});
    static constexpr double smallest = 0x1p-1022;
    static constexpr double largest = 0x1.fffffffffffffp1023;
    static constexpr double integral = 0x1p52;
    static constexpr double magic = 0x1.8p52;
};

namespace detail {

// Horner, highest coefficient first; each step one expression, which compilers contract to a fused multiply-add.
template <class V, class... C>
ASHLAR_INLINE constexpr V poly(V x, scalar_of<V> first, scalar_of<V> second, C... rest) {
    V r = x * first + second;
    ((r = r * x + rest), ...);
    return r;
}

template <class V>
ASHLAR_INLINE constexpr V poly_pairs(V, V, V sum) {
    return sum;
}
template <class V, class... C>
ASHLAR_INLINE constexpr V poly_pairs(V x, V square, V sum, scalar_of<V> first, scalar_of<V> second, C... rest) {
    return poly_pairs(x, square, sum * square + (x * first + second), rest...);
}

// The same for short loops, which wait for each other's results: two coefficients a step (Estrin).
template <class V, class... C>
ASHLAR_INLINE constexpr V poly_fast(V x, scalar_of<V> first, scalar_of<V> second, C... rest) {
    if constexpr (sizeof...(C) % 2 == 0) return poly_pairs(x, x * x, x * first + second, rest...);
    else return poly_pairs(x, x * x, splat<V>(first), second, rest...);
}

template <class V>
ASHLAR_INLINE constexpr V magnitude(V x) {
    return __builtin_bit_cast(V, __builtin_bit_cast(bits_of<V>, x) & ~format<scalar_of<V>>::sign);
}

// Sign of x onto r, which is not negative.
template <class V>
ASHLAR_INLINE constexpr V signed_as(V x, V r) {
    return __builtin_bit_cast(V, __builtin_bit_cast(bits_of<V>, r) |
                                     (__builtin_bit_cast(bits_of<V>, x) & format<scalar_of<V>>::sign));
}

// Newton from a guess by halving the exponent; the last step's residual is exact (Dekker), so the result is
// correctly rounded.
constexpr double newton_sqrt(double x) {
    if (!(x > 0 && x < format<double>::infinity)) return x == 0 || x != x || x > 0 ? x : format<double>::nan;
    if (x < 0x1p-900) return newton_sqrt(x * 0x1p200) * 0x1p-100;
    if (x > 0x1p900) return newton_sqrt(x * 0x1p-200) * 0x1p100;
    double y = __builtin_bit_cast(double, (__builtin_bit_cast(std::uint64_t, x) >> 1) + 0x1ff7a3bea91d9b1bU);
    y = 0.5 * (y + x / y), y = 0.5 * (y + x / y), y = 0.5 * (y + x / y), y = 0.5 * (y + x / y);
    const double high = ASHLAR_KEEP(y * 134217729.0) - ASHLAR_KEEP(y * 134217729.0 - y), low = y - high;
    return y + ASHLAR_KEEP(ASHLAR_KEEP(x - high * high) - 2 * high * low - low * low) / (2 * y);
}

}  // namespace detail

template <class V>
ASHLAR_INLINE constexpr V abs(V x) {
    if constexpr (std::is_floating_point_v<scalar_of<V>>) return detail::magnitude(x);
    else return x < 0 ? wrapped_difference(V{}, x) : x;
}

// 1, 0 or -1; 0 for NaN, as in torch.
template <class V>
ASHLAR_INLINE constexpr V sign(V x) {
    return x > 0 ? splat<V>(1) : x < 0 ? splat<V>(-1) : V{};
}

// ---- 1 or 0 in the type of the argument ----

template <class V>
ASHLAR_INLINE constexpr V(isnan)(V x) {
    if constexpr (std::is_floating_point_v<scalar_of<V>>) return x != x ? splat<V>(1) : V{};
    else return V{};
}

template <class V>
ASHLAR_INLINE constexpr V(isinf)(V x) {
    if constexpr (std::is_floating_point_v<scalar_of<V>>)
        return detail::magnitude(x) == format<scalar_of<V>>::infinity ? splat<V>(1) : V{};
    else return V{};
}

template <class V>
ASHLAR_INLINE constexpr V(isfinite)(V x) {
    if constexpr (std::is_floating_point_v<scalar_of<V>>)
        return detail::magnitude(x) < format<scalar_of<V>>::infinity ? splat<V>(1) : V{};
    else return splat<V>(1);
}

// ---- to integers: adding 2^mantissa leaves no room for fractions ----

// Ties to even, as in torch.
template <class V>
ASHLAR_INLINE constexpr V round(V x) {
    using f = format<scalar_of<V>>;
    const V a = detail::magnitude(x);
    return a < f::integral ? detail::signed_as(x, ASHLAR_KEEP(a + f::integral) - f::integral) : x;
}

template <class V>
ASHLAR_INLINE constexpr V trunc(V x) {
    using f = format<scalar_of<V>>;
    const V a = detail::magnitude(x);
    if constexpr (!is_vector<V>)
        if (!(a < f::integral)) return x;
    const V r = ASHLAR_KEEP(a + f::integral) - f::integral;
    return a < f::integral ? detail::signed_as(x, r > a ? r - 1 : r) : x;
}

template <class V>
ASHLAR_INLINE constexpr V floor(V x) {
    if constexpr (!is_vector<V>)
        if (x != x || detail::magnitude(x) >= format<V>::integral) return x;
    const V r = round(x);
    return detail::signed_as(x, detail::magnitude(r > x ? r - 1 : r));
}

template <class V>
ASHLAR_INLINE constexpr V ceil(V x) {
    if constexpr (!is_vector<V>)
        if (x != x || detail::magnitude(x) >= format<V>::integral) return x;
    const V r = round(x);
    return detail::signed_as(x, detail::magnitude(r < x ? r + 1 : r));
}

// ---- roots ----

template <class V>
ASHLAR_INLINE constexpr V sqrt(V x) {
    if constexpr (std::is_same_v<V, float>) {
        return __builtin_is_constant_evaluated() ? static_cast<float>(detail::newton_sqrt(static_cast<double>(x)))
                                                 : __builtin_sqrtf(x);
    } else if constexpr (std::is_same_v<V, double>) {
        return __builtin_is_constant_evaluated() ? detail::newton_sqrt(x) : __builtin_sqrt(x);
    } else {
#if defined(__clang__)
        return __builtin_elementwise_sqrt(x);
#else
    #if defined(__SSE2__)
        if constexpr (std::is_same_v<V, vector_of<float, 16>::type>) return __builtin_ia32_sqrtps(x);
        if constexpr (std::is_same_v<V, vector_of<double, 16>::type>) return __builtin_ia32_sqrtpd(x);
    #endif
    #if defined(__AVX__)
        if constexpr (std::is_same_v<V, vector_of<float, 32>::type>) return __builtin_ia32_sqrtps256(x);
        if constexpr (std::is_same_v<V, vector_of<double, 32>::type>) return __builtin_ia32_sqrtpd256(x);
    #endif
    #if defined(__AVX512F__) && defined(__RECIPROCAL_MATH__)
        if constexpr (std::is_same_v<V, vector_of<float, 64>::type>) return __builtin_ia32_sqrtps512_mask(x, x, -1, 4);
    #endif
        V r{};
        for (std::size_t i = 0; i < sizeof(V) / sizeof(scalar_of<V>); ++i) r[i] = kernels::sqrt(x[i]);
        return r;
#endif
    }
}

template <class V>
ASHLAR_INLINE constexpr V rsqrt(V x) {
    if constexpr (!is_vector<V>) {
        if (x == 0) return detail::signed_as(x, format<V>::infinity);
        if (!(x > 0)) return x != x ? x : format<V>::nan;
    }
    return quotient(splat<V>(1), ASHLAR_KEEP(kernels::sqrt(x)));
}

}  // namespace ashlar::kernels
#if defined(__clang__)
    #pragma float_control(pop)
#endif
