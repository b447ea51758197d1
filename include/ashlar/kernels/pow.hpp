// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/kernels/exp.hpp"
#include "ashlar/kernels/log.hpp"

// x^y = exp(y log |x|): floats through double, doubles with the logarithm as a sum of two doubles.
#if defined(__clang__)
    #pragma float_control(precise, on, push)
#endif
namespace ashlar::kernels {

namespace detail {

template <class V>
struct two_part {
    V high, low;
};

// a * b without rounding (Dekker; an overflow on the way makes low NaN).
template <class V>
ASHLAR_INLINE constexpr two_part<V> two_product(V a, V b) {
    const V p = ASHLAR_KEEP(a * b);
    const V a1 = __builtin_bit_cast(V, __builtin_bit_cast(bits_of<V>, a) & 0xfffffffff8000000U);
    const V b1 = __builtin_bit_cast(V, __builtin_bit_cast(bits_of<V>, b) & 0xfffffffff8000000U);
    const V a2 = ASHLAR_KEEP(a - a1), b2 = ASHLAR_KEEP(b - b1);
    return {p, ASHLAR_KEEP(ASHLAR_KEEP(ASHLAR_KEEP(a1 * b1 - p) + a1 * b2 + a2 * b1) + a2 * b2)};
}

// |a| >= |b|
template <class V>
ASHLAR_INLINE constexpr two_part<V> two_sum(V a, V b) {
    const V s = ASHLAR_KEEP(a + b);
    return {s, ASHLAR_KEEP(ASHLAR_KEEP(a - s) + b)};
}

// log(x) for x > 0 and finite to about 2^-68: 2 s + 2/3 s^3 in two parts, the rest of the series in one.
template <class V>
ASHLAR_INLINE constexpr two_part<V> log_two_part(V x) {
    const auto parts = log_split(x);
    const V d = ASHLAR_KEEP(2 + parts.f), s = ASHLAR_KEEP(parts.f / d);
    const auto sd = two_product(s, d);
    const V sl = ASHLAR_KEEP(ASHLAR_KEEP(ASHLAR_KEEP(parts.f - sd.high) - sd.low) -
                             s * ASHLAR_KEEP(parts.f - ASHLAR_KEEP(d - 2))) /
                 d;
    const auto z = two_product(s, s);
    const V zl = ASHLAR_KEEP(z.low + 2 * s * sl);
    const auto cube = two_product(s, z.high);
    const V cube_low = ASHLAR_KEEP(cube.low + (s * zl + sl * z.high));
    constexpr double third = 0.6666666666666666, third_low = 3.700743415417188e-17;
    const auto t = two_product(cube.high, splat<V>(third));
    const V tail = ASHLAR_KEEP(t.low + ASHLAR_KEEP(cube.high * third_low + cube_low * third)) +
                   cube.high * z.high *
                       poly(z.high, 0.11981023631933607, 0.11675870566875048, 0.13336260008920672, 0.15384558544626736,
                            0.18181818842363326, 0.22222222217801441, 0.28571428571443808, 0.3999999999999998);
    const V kh = ASHLAR_KEEP(parts.k * log_constants<double>::high);
    const V kl = ASHLAR_KEEP(parts.k * log_constants<double>::low);
    const auto first = two_sum(2 * s, t.high);
    const V sum = ASHLAR_KEEP(kh + first.high);
    const V error = parts.k == 0 ? V{} : ASHLAR_KEEP(kh - sum) + first.high;
    return two_sum(sum, ASHLAR_KEEP(ASHLAR_KEEP(error) + (first.low + (2 * sl + (tail + kl)))));
}

// a^y for a > 0 and finite, |y| <= 2^70
template <class V>
ASHLAR_INLINE constexpr V pow_double(V a, V y) {
    using c = exp_constants<double>;
    const auto l = log_two_part(a);
    const auto p = two_product(l.high, y);
    if constexpr (!is_vector<V>)
        if (p.high > c::log_max) return format<double>::infinity;
    const V low = magnitude(p.high) < 1000.0 ? ASHLAR_KEEP(p.low + l.low * y) : V{};
    const auto e = exp_split(clamp(p.high, c::lowest, c::highest), low);
    return ASHLAR_KEEP(ASHLAR_KEEP(1 + e.p) * e.s) * e.s;
}

// The same in single precision, still in double.
template <class V>
ASHLAR_INLINE constexpr V pow_single(V a, V y) {
    const auto parts = log_split(a);
    return exp_within(clamp(log_join(parts.f, parts.k) * y, -120.0, 120.0));
}

template <class V>
ASHLAR_INLINE constexpr V pow_positive(V a, V y) {
    // a name that depends on V, for nothing to be instantiated before it is used
    using in_double = std::conditional_t<is_vector<V>, double, double>;
    if constexpr (std::is_same_v<scalar_of<V>, double>) {
        return pow_double(a, y);
    } else if constexpr (std::is_same_v<V, float>) {
        const double r = pow_single<in_double>(static_cast<double>(a), static_cast<double>(y));
        return r < 0x1.ffffffp127 ? static_cast<float>(r) : format<float>::infinity;
    } else {
        constexpr std::ptrdiff_t half = lanes<float> / 2;
        using wide = short_vec<in_double, half>;
        using narrow = short_vec<float, half>;
        const auto low = pow_single(__builtin_convertvector(part<0, half>(a), wide),
                                    __builtin_convertvector(part<0, half>(y), wide));
        const auto high = pow_single(__builtin_convertvector(part<half, half>(a), wide),
                                     __builtin_convertvector(part<half, half>(y), wide));
        return join(__builtin_convertvector(low, narrow), __builtin_convertvector(high, narrow));
    }
}

}  // namespace detail

// Edges as in C: anything^0 = 1^anything = 1; a negative base needs an integral exponent.
template <class V>
ASHLAR_INLINE constexpr V pow(V x, V y) {
    using T = scalar_of<V>;
    using f = format<T>;
    const V a = detail::magnitude(x), half = y * T{0.5};
    if constexpr (!is_vector<V>) {
        if (y == 0 || x == 1) return 1;
        if (x != x || y != y) return f::nan;
        if (x < 0 && a < f::infinity && kernels::floor(y) != y) return f::nan;
    }
    const auto whole = kernels::floor(y) == y;
    const auto odd = whole & (kernels::floor(half) != half);
    const V bounded = detail::clamp(y, T(-0x1p70), T(0x1p70));  // as good as infinite
    V r = a == 0 ? (y < 0 ? splat<V>(f::infinity) : V{}) : y < 0 ? V{} : splat<V>(f::infinity);
    if constexpr (is_vector<V>) {
        r = ((a > 0) & (a < f::infinity)) ? detail::pow_positive(a, bounded) : r;
        r = odd ? detail::signed_as(x, r) : r;
        r = ((x < 0) & (a < f::infinity) & ~whole) ? splat<V>(f::nan) : r;
        r = ((x != x) | (y != y)) ? splat<V>(f::nan) : r;
        return ((y == 0) | (x == 1)) ? splat<V>(1) : r;
    } else {
        if (a > 0 && a < f::infinity) r = detail::pow_positive(a, bounded);
        return odd ? detail::signed_as(x, r) : r;
    }
}

}  // namespace ashlar::kernels
#if defined(__clang__)
    #pragma float_control(pop)
#endif
