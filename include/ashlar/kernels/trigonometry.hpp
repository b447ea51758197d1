// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/kernels/rounding.hpp"

// sin, cos, tan through x = n pi/2 + r with |r| <= pi/4; their inverses. Polynomials: Sollya's fpminimax.
#if defined(__clang__)
    #pragma float_control(precise, on, push)
#endif
namespace ashlar::kernels {

namespace detail {

// r is high + low (low is 0 for float), n mod 4 in the low bits of quadrant.
template <class V>
struct reduced_angle {
    V high, low;
    bits_of<V> quadrant;
};

// 2/pi, 32 bits a word.
inline constexpr std::uint64_t two_over_pi[] = {
    0xa2f9836eU, 0x4e441529U, 0xfc2757d1U, 0xf534ddc0U, 0xdb629599U, 0x3c439041U, 0xfe5163abU, 0xdebbc561U,
    0xb7246e3aU, 0x424dd2e0U, 0x06492eeaU, 0x09d1921cU, 0xfe1deb1cU, 0xb129a73eU, 0xe88235f5U, 0x2ebb4484U,
    0xe99c7026U, 0xb45f7e41U, 0x3991d639U, 0x835339f4U, 0x9c845f8bU, 0xbdf9283bU, 0x1ff897ffU, 0xde05980fU,
    0xef2f118bU, 0x5a0a6d1fU, 0x6d367ecfU, 0x27cb09b7U, 0x4f463f66U, 0x9e5fea2dU, 0x7527bac7U, 0xebe5f17bU,
    0x3d0739f7U, 0x8a5292eaU, 0x6bfb5fb1U, 0x1f8d5d08U, 0x56033046U, 0xfc7b6babU, 0xf0cfbc20U, 0x9af4361dU};

// Payne and Hanek: x = m 2^e times those seven words of 2/pi that matter modulo 4, in integers. x finite, x >= 1.
constexpr reduced_angle<double> reduce_huge(double x) {
    const std::uint64_t bits = __builtin_bit_cast(std::uint64_t, x);
    const std::uint64_t m = (bits & 0x000fffffffffffffU) | 0x0010000000000000U;
    const int e = static_cast<int>(bits >> 52) - 1075;
    const int skip = e < 2 ? 0 : (e - 2) / 32;
    std::uint64_t limb[12]{};  // 32 bits each, lowest first
    for (int half = 0; half < 2; ++half) {
        const std::uint64_t factor = half == 0 ? m & 0xffffffffU : m >> 32;
        std::uint64_t carry = 0;
        for (int i = 0; i < 7; ++i) {
            carry += limb[i + half] + factor * two_over_pi[skip + 6 - i];
            limb[i + half] = carry & 0xffffffffU;
            carry >>= 32;
        }
        limb[7 + half] = carry;
    }
    const int point = 32 * (skip + 7) - e;  // of the product, in bits
    const auto word = [&](int at) {         // the 32 bits from there upwards
        const auto low = limb[at / 32] >> (at % 32);
        return (low | (limb[at / 32 + 1] << (32 - at % 32))) & 0xffffffffU;
    };
    std::uint64_t quadrant = word(point);
    std::uint64_t first = word(point - 32) << 32 | word(point - 64),
                  second = word(point - 96) << 32 | word(point - 128);
    const bool up = first >> 63 != 0;
    if (up) ++quadrant, second = ~second + 1, first = ~first + (second == 0 ? 1U : 0U);
    const double a = static_cast<double>(first >> 32) * 0x1p-32, b = static_cast<double>(first & 0xffffffffU) * 0x1p-64;
    const double c = static_cast<double>(second >> 32) * 0x1p-96;
    const double part = ASHLAR_KEEP(b + c), high = ASHLAR_KEEP(a + part);
    const double low = ASHLAR_KEEP(ASHLAR_KEEP(a - high) + part) + ASHLAR_KEEP(ASHLAR_KEEP(b - part) + c);
    // times pi/2, both as two doubles
    constexpr double p = 1.5707963267948966, q = 6.123233995736766e-17, p1 = 0x1.921fb5p0, p2 = p - p1;
    const double h1 = ASHLAR_KEEP(ASHLAR_KEEP(high * 134217729.0) - ASHLAR_KEEP(high * 134217729.0 - high));
    const double h2 = ASHLAR_KEEP(high - h1);
    const double r = ASHLAR_KEEP(high * p);
    const double s = ASHLAR_KEEP(ASHLAR_KEEP(ASHLAR_KEEP(h1 * p1 - r) + h1 * p2 + h2 * p1) + h2 * p2) +
                     ASHLAR_KEEP(high * q + low * p);
    return {up ? -r : r, up ? -s : s, quadrant};
}

template <class T>
struct angle_constants;

template <>
struct angle_constants<float> {
    static constexpr float two_over_pi = 0.636619772f, limit = 0x1p17f;
};

template <>
struct angle_constants<double> {
    static constexpr double two_over_pi = 0.6366197723675814, limit = 0x1p20;
};

// pi/2: 33 bits, 33 bits, the rest; and the second with the rest.
inline constexpr double half_pi_1 = 0x1.921fb544p+0, half_pi_2 = 0x1.0b4611a6p-34, half_pi_3 = 0x1.3198a2e037073p-69,
                        half_pi_rest = 0x1.0b4611a626331p-34;

// A float's x - n pi/2 in double: exact where it matters.
template <class V, class N>
ASHLAR_INLINE constexpr auto subtract_turns(V x, N n) {
    return ASHLAR_KEEP(x - n * half_pi_1) - n * half_pi_rest;
}

// x >= 0 and at most the limit
template <class V>
ASHLAR_INLINE constexpr reduced_angle<V> reduce_small(V x) {
    using T = scalar_of<V>;
    const V t = ASHLAR_KEEP(x * angle_constants<T>::two_over_pi + format<T>::magic);
    const V n = ASHLAR_KEEP(t - format<T>::magic);
    if constexpr (std::is_same_v<V, float>) {
        return {static_cast<float>(subtract_turns(static_cast<double>(x), static_cast<double>(n))), 0,
                __builtin_bit_cast(bits_of<V>, t)};
    } else if constexpr (std::is_same_v<T, float>) {
        constexpr std::ptrdiff_t half = lanes<float> / 2;
        using wide = short_vec<double, half>;
        using narrow = short_vec<float, half>;
        const auto low = subtract_turns(__builtin_convertvector(part<0, half>(x), wide),
                                        __builtin_convertvector(part<0, half>(n), wide));
        const auto high = subtract_turns(__builtin_convertvector(part<half, half>(x), wide),
                                         __builtin_convertvector(part<half, half>(n), wide));
        return {join(__builtin_convertvector(low, narrow), __builtin_convertvector(high, narrow)), V{},
                __builtin_bit_cast(bits_of<V>, t)};
    } else {
        const V a = ASHLAR_KEEP(x - n * half_pi_1), w = ASHLAR_KEEP(n * half_pi_2), b = ASHLAR_KEEP(a - w);
        const V rest = ASHLAR_KEEP(ASHLAR_KEEP(ASHLAR_KEEP(a - b) - w) - n * half_pi_3);
        const V r = ASHLAR_KEEP(b + rest);
        return {r, ASHLAR_KEEP(ASHLAR_KEEP(b - r) + rest), __builtin_bit_cast(bits_of<V>, t)};
    }
}

// Lane by lane, what is beyond the limit; r comes from reduce_small.
template <class V>
[[gnu::noinline]] ASHLAR_FLATTEN inline void replace_huge(const V& x, reduced_angle<V>& r) {
    using T = scalar_of<V>;
    for (std::size_t i = 0; i < sizeof(V) / sizeof(T); ++i)
        if (x[i] > angle_constants<T>::limit && x[i] < format<T>::infinity) {
            const auto one = reduce_huge(static_cast<double>(x[i]));
            r.high[i] = static_cast<T>(one.high);
            r.low[i] = std::is_same_v<T, double> ? static_cast<T>(one.low) : T{0};
            r.quadrant[i] = static_cast<scalar_of<bits_of<V>>>(one.quadrant);
        }
}

// x >= 0
template <class V>
ASHLAR_INLINE constexpr reduced_angle<V> reduce_angle(V x) {
    using T = scalar_of<V>;
    constexpr T limit = angle_constants<T>::limit;
    if constexpr (is_vector<V>) {
        auto r = reduce_small(x);
        if (any((x > limit) & (x < format<T>::infinity))) [[unlikely]] {
            auto exact = r;  // a copy, so that r need not be in memory
            replace_huge(x, exact);
            r = exact;
        }
        return r;
    } else if constexpr (std::is_same_v<T, double>) {
        return x > limit ? reduce_huge(x) : reduce_small(x);
    } else {
        if (!(x > limit)) return reduce_small(x);
        const auto r = reduce_huge(static_cast<double>(x));
        return {static_cast<float>(r.high), 0, static_cast<std::uint32_t>(r.quadrant)};
    }
}

template <class V>
ASHLAR_INLINE constexpr V sin_poly(V r, V low) {
    const V z = r * r;
    if constexpr (std::is_same_v<scalar_of<V>, float>)
        return r + ASHLAR_KEEP(r * z) * poly(z, -0.00019518455f, 0.00833219f, -0.16666655f);
    else
        return r + ASHLAR_KEEP(r * z *
                                   poly(z, 1.5895974919456187e-10, -2.5050742812777328e-08, 2.755731358502397e-06,
                                        -0.0001984126982946496, 0.008333333333321924, -0.1666666666666663) +
                               low * (1 - 0.5 * z));
}

template <class V>
ASHLAR_INLINE constexpr V cos_poly(V r, V low) {
    const V z = r * r, half = ASHLAR_KEEP(scalar_of<V>{0.5} * z), w = ASHLAR_KEEP(1 - half);
    if constexpr (std::is_same_v<scalar_of<V>, float>)
        return w + ASHLAR_KEEP(ASHLAR_KEEP(ASHLAR_KEEP(1 - w) - half) +
                               z * z * poly(z, 2.4432567e-05f, -0.0013887311f, 0.041666646f));
    else
        return w + ASHLAR_KEEP(ASHLAR_KEEP(ASHLAR_KEEP(1 - w) - half) +
                               (z * z *
                                    poly(z, -1.1358764799839055e-11, 2.087570568855178e-09, -2.755731421905481e-07,
                                         2.480158728900809e-05, -0.0013888888888873348, 0.041666666666666595) -
                                r * low));
}

// Bit 1 of the quadrant is the sign, bit 0 changes sine for cosine.
template <class V>
ASHLAR_INLINE constexpr V sin_in(reduced_angle<V> a, bits_of<V> quadrant, bits_of<V> flip) {
    constexpr int to_sign = static_cast<int>(8 * sizeof(scalar_of<V>)) - 2;
    const V r = (quadrant & 1U) != 0 ? cos_poly(a.high, a.low) : sin_poly(a.high, a.low);
    return __builtin_bit_cast(V, __builtin_bit_cast(bits_of<V>, r) ^ ((quadrant & 2U) << to_sign) ^ flip);
}

// asin(a) = a + a z P(z), z = a * a, for a <= 1/2: without the leading a
template <class V>
ASHLAR_INLINE constexpr V asin_poly(V a, V z) {
    if constexpr (std::is_same_v<scalar_of<V>, float>)
        return a * z * poly(z, 0.042157013f, 0.024185503f, 0.04546902f, 0.0749531f, 0.16666752f);
    else
        return a * z *
               poly(z, 0.03191252849702112, -0.016224659548438252, 0.01952854650514719, 0.0065278628477992455,
                    0.012169240313613137, 0.013885230606394317, 0.01735970531598465, 0.02237175800875863,
                    0.030381959138980525, 0.044642856828270135, 0.07500000000337102, 0.16666666666665408);
}

template <class T>
inline constexpr T pi_high = static_cast<T>(3.141592653589793);
template <class T>
inline constexpr T pi_low =
    std::is_same_v<T, float> ? static_cast<T>(-8.742277657347586e-08) : static_cast<T>(1.2246467991473532e-16);

}  // namespace detail

template <class V>
ASHLAR_INLINE constexpr V sin(V x) {
    using f = format<scalar_of<V>>;
    if constexpr (!is_vector<V>)
        if (!(detail::magnitude(x) < f::infinity)) return f::nan;
    const auto a = detail::reduce_angle(detail::magnitude(x));
    return detail::sin_in(a, a.quadrant, __builtin_bit_cast(bits_of<V>, x) & f::sign);
}

template <class V>
ASHLAR_INLINE constexpr V cos(V x) {
    using f = format<scalar_of<V>>;
    if constexpr (!is_vector<V>)
        if (!(detail::magnitude(x) < f::infinity)) return f::nan;
    const auto a = detail::reduce_angle(detail::magnitude(x));
    return detail::sin_in(a, a.quadrant + 1U, bits_of<V>{});
}

template <class V>
ASHLAR_INLINE constexpr V tan(V x) {
    using f = format<scalar_of<V>>;
    if constexpr (!is_vector<V>)
        if (!(detail::magnitude(x) < f::infinity)) return f::nan;
    const auto a = detail::reduce_angle(detail::magnitude(x));
    const V s = detail::sin_poly(a.high, a.low), c = detail::cos_poly(a.high, a.low);
    constexpr int to_sign = static_cast<int>(8 * sizeof(scalar_of<V>)) - 1;
    const V r = quotient((a.quadrant & 1U) != 0 ? c : s, (a.quadrant & 1U) != 0 ? s : c);
    return __builtin_bit_cast(V, __builtin_bit_cast(bits_of<V>, r) ^ (a.quadrant << to_sign) ^
                                     (__builtin_bit_cast(bits_of<V>, x) & f::sign));
}

// Above 1/2: asin(a) = pi/2 - 2 asin(sqrt((1 - a) / 2)).
template <class V>
ASHLAR_INLINE constexpr V asin(V x) {
    using T = scalar_of<V>;
    const V a = detail::magnitude(x);
    if constexpr (!is_vector<V>)
        if (!(a <= 1)) return format<T>::nan;
    const V z = a > T{0.5} ? (1 - a) * T{0.5} : a * a;
    const V s = a > T{0.5} ? kernels::sqrt(z) : a;
    const V p = ASHLAR_KEEP(detail::asin_poly(s, z));
    return detail::signed_as(x, a > T{0.5} ? detail::pi_high<T> / 2 -
                                                 ASHLAR_KEEP(2 * s + ASHLAR_KEEP(2 * p - detail::pi_low<T> / 2))
                                           : s + p);
}

template <class V>
ASHLAR_INLINE constexpr V acos(V x) {
    using T = scalar_of<V>;
    const V a = detail::magnitude(x);
    if constexpr (!is_vector<V>)
        if (!(a <= 1)) return format<T>::nan;
    const V z = a > T{0.5} ? (1 - a) * T{0.5} : a * a;
    const V s = a > T{0.5} ? kernels::sqrt(z) : x;
    const V p = ASHLAR_KEEP(detail::asin_poly(s, z));
    return a <= T{0.5} ? detail::pi_high<T> / 2 - ASHLAR_KEEP(s + ASHLAR_KEEP(p - detail::pi_low<T> / 2))
           : x > 0     ? 2 * (s + p)
                       : detail::pi_high<T> - ASHLAR_KEEP(2 * s + ASHLAR_KEEP(2 * p - detail::pi_low<T>));
}

// Above tan(pi/8) from (a - 1) / (a + 1), above tan(3 pi/8) from -1 / a.
template <class V>
ASHLAR_INLINE constexpr V atan(V x) {
    using T = scalar_of<V>;
    if constexpr (!is_vector<V>)
        if (x != x) return x;
    const V a = detail::magnitude(x);
    constexpr T outer = static_cast<T>(2.41421356), inner = static_cast<T>(0.414213562);
    const V t = quotient(a > outer   ? splat<V>(-1)
                         : a > inner ? a - 1
                                     : a,
                         a > outer   ? a
                         : a > inner ? a + 1
                                     : splat<V>(1));
    const V turn = a > outer ? splat<V>(T{0.5}) : a > inner ? splat<V>(T{0.25}) : V{};
    const V z = t * t;
    if constexpr (std::is_same_v<T, float>)
        return detail::signed_as(
            x, turn * detail::pi_high<T> +
                   ASHLAR_KEEP(t + ASHLAR_KEEP(t * z *
                                                   detail::poly(z, -0.060908936f, 0.10599487f, -0.1424443f, 0.1999853f,
                                                                -0.33333316f) +
                                               turn * detail::pi_low<T>)));
    else
        return detail::signed_as(
            x, turn * detail::pi_high<T> +
                   ASHLAR_KEEP(
                       t + ASHLAR_KEEP(t * z *
                                           detail::poly(z, -0.01790878342619539, 0.038065833609229535,
                                                        -0.0503934849678743, 0.05847897710337764, -0.06663105046707299,
                                                        0.07692060292843655, -0.09090897762034506, 0.11111110783640755,
                                                        -0.14285714280202147, 0.1999999999995369, -0.333333333333332) +
                                       turn * detail::pi_low<T>)));
}

}  // namespace ashlar::kernels
#if defined(__clang__)
    #pragma float_control(pop)
#endif
