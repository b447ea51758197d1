// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/kernels/rounding.hpp"

// x = 2^k (1 + f) with 1 + f in [sqrt(1/2), sqrt(2)); s = quotient(f, 2 + f); log(1 + f) = 2 atanh(s) (as in fdlibm).
#if defined(__clang__)
    #pragma float_control(precise, on, push)
#endif
namespace ashlar::kernels {

namespace detail {

template <class T>
struct log_constants;

template <>
struct log_constants<float> {
    static constexpr std::uint32_t half_root = 0x3f3504f3U, fraction = 0x007fffffU, integral = 0x4b000000U;
    static constexpr float bias = 0x1p23f + 127, lift = 0x1p25f;
    static constexpr float high = 0.693145751953125f, low = 1.428606820309417e-6f;  // ln 2
};

template <>
struct log_constants<double> {
    static constexpr std::uint64_t half_root = 0x3fe6a09e667f3bcdU, fraction = 0x000fffffffffffffU,
                                   integral = 0x4330000000000000U;
    static constexpr double bias = 0x1p52 + 1023, lift = 0x1p54;
    static constexpr double high = 0.6931471805596629565116018, low = 2.823529056303157712258845e-13;
};

template <class V>
struct log_parts {
    V f, k;
};

// x > 0 and finite (anything else gives nonsense, but no trap); denormals are lifted first.
template <class V>
ASHLAR_INLINE constexpr log_parts<V> log_split(V x) {
    using T = scalar_of<V>;
    using c = log_constants<T>;
    const bits_of<V> b =
        __builtin_bit_cast(bits_of<V>, x < format<T>::smallest ? x * c::lift : x) + (format<T>::one - c::half_root);
    return {ASHLAR_KEEP(__builtin_bit_cast(V, (b & c::fraction) + c::half_root) - 1),
            ASHLAR_KEEP(__builtin_bit_cast(V, (b >> format<T>::mantissa) | c::integral) -
                        (x < format<T>::smallest ? splat<V>(c::bias + static_cast<T>(format<T>::mantissa + 2))
                                                 : splat<V>(c::bias)))};
}

// k ln 2 + log(1 + f) + tail
template <class V, class... Tail>
ASHLAR_INLINE constexpr V log_join(V f, V k, Tail... tail) {
    using T = scalar_of<V>;
    using c = log_constants<T>;
    const V s = quotient(f, 2 + f), z = s * s, half = ASHLAR_KEEP(T{0.5} * f * f);
    V p{};
    if constexpr (std::is_same_v<T, float>) p = poly(z, 0.29870692f, 0.39977586f, 0.66666776f);
    else
        p = poly(z, 0.14795443504035705, 0.1531410388669701, 0.1818356212023826, 0.22222198618341193,
                 0.28571428741915456, 0.3999999999941699, 0.6666666666666734);
    const V rest = ASHLAR_KEEP(s * (half + z * p) + ASHLAR_KEEP(((k * c::low) + ... + tail)));
    return k * c::high - ASHLAR_KEEP(ASHLAR_KEEP(half - rest) - f);
}

}  // namespace detail

template <class V>
ASHLAR_INLINE constexpr V log(V x) {
    using f = format<scalar_of<V>>;
    if constexpr (is_vector<V>) {
        const auto parts = detail::log_split(x);
        const V r = detail::log_join(parts.f, parts.k);
        return ((x > 0) & (x < f::infinity)) ? r : x == 0 ? splat<V>(-f::infinity) : x < 0 ? splat<V>(f::nan) : x;
    } else {
        if (!(x > 0 && x < f::infinity)) return x == 0 ? -f::infinity : x < 0 ? f::nan : x;
        const auto parts = detail::log_split(x);
        return detail::log_join(parts.f, parts.k);
    }
}

namespace detail {

// x > -1. What 1 + x rounds away comes back as the tail; without an exponent f is x itself.
template <class V>
ASHLAR_INLINE constexpr V log1p_within(V x) {
    const V v = ASHLAR_KEEP(x), u = ASHLAR_KEEP(1 + v);
    const auto parts = log_split(u);
    const V lost = quotient(parts.k > 0 ? 1 - ASHLAR_KEEP(u - v) : v - ASHLAR_KEEP(u - 1), u);
    return log_join(parts.k == 0 ? x : parts.f, parts.k, parts.k == 0 ? V{} : lost);
}

}  // namespace detail

template <class V>
ASHLAR_INLINE constexpr V log1p(V x) {
    using f = format<scalar_of<V>>;
    if constexpr (is_vector<V>) {
        const V r = detail::log1p_within(x);
        return ((x > -1) & (x < f::infinity) & (x != 0)) ? r
               : x == -1                                 ? splat<V>(-f::infinity)
               : x < -1                                  ? splat<V>(f::nan)
                                                         : x;
    } else {
        if (!(x > -1 && x < f::infinity) || x == 0) return x == -1 ? -f::infinity : x < -1 ? f::nan : x;
        return detail::log1p_within(x);
    }
}

}  // namespace ashlar::kernels
#if defined(__clang__)
    #pragma float_control(pop)
#endif
