// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/kernels/exp.hpp"
#include "ashlar/kernels/log.hpp"
#include "ashlar/kernels/trigonometry.hpp"

// The inverses of sinh, cosh, tanh, through log1p; the complementary error function; and of two numbers the length and
// the angle, and the logarithm of the sum of exponentials.
#if defined(__clang__)
    #pragma float_control(precise, on, push)
#endif
namespace ashlar::kernels {

namespace detail {
// From here on 1 is nothing beside the square.
template <class T> inline constexpr T square_is_all = sizeof(T) == 4 ? T(0x1p14) : T(0x1p28);
template <class T> inline constexpr T ln2 = static_cast<T>(0.6931471805599453);
}  // namespace detail

// log(a + sqrt(a^2 + 1)) = log1p(a + a^2 / (1 + sqrt(1 + a^2))) for a = |x|
template <class V>
ASHLAR_INLINE constexpr V asinh(V x) {
    using T = scalar_of<V>;
    const V a = detail::magnitude(x);
    if constexpr (!is_vector<V>)
        if (!(a < format<T>::infinity)) return x;
    const V b = a < detail::square_is_all<T> ? a : splat<V>(1);
    const V by_log1p = kernels::log1p(b + quotient(b * b, 1 + kernels::sqrt(1 + b * b)));
    return detail::signed_as(x, a < detail::square_is_all<T> ? by_log1p : kernels::log(a) + detail::ln2<T>);
}

// log1p(t + sqrt(2 t + t^2)) for t = x - 1
template <class V>
ASHLAR_INLINE constexpr V acosh(V x) {
    using T = scalar_of<V>;
    if constexpr (!is_vector<V>)
        if (!(x >= 1 && x < format<T>::infinity)) return x < 1 ? format<T>::nan : x;
    const V t = ((x >= 1) & (x < detail::square_is_all<T>)) ? ASHLAR_KEEP(x - 1) : V{};
    const V by_log1p = kernels::log1p(t + kernels::sqrt(2 * t + t * t));
    const V r = x < detail::square_is_all<T> ? by_log1p : kernels::log(x) + detail::ln2<T>;
    return x < 1 ? splat<V>(format<T>::nan) : r;
}

// log1p(2 a / (1 - a)) / 2 for a = |x|
template <class V>
ASHLAR_INLINE constexpr V atanh(V x) {
    using T = scalar_of<V>;
    const V a = detail::magnitude(x);
    if constexpr (!is_vector<V>)
        if (!(a < 1)) return a == 1 ? detail::signed_as(x, format<T>::infinity) : x != x ? x : format<T>::nan;
    return detail::signed_as(x, T{0.5} * kernels::log1p(quotient(2 * a, 1 - a)));
}

// exp(-x^2) P / (1 + 2 a) with a polynomial in (a - K) / (a + K), a = |x|; 2 less that where x is negative. The square
// is one number and the rest of it, from halves of a's digits (Dekker).
template <class V>
ASHLAR_INLINE constexpr V erfc(V x) {
    using T = scalar_of<V>;
    if constexpr (!is_vector<V>)
        if (x != x) return x;
    constexpr bool single = std::is_same_v<T, float>;
    constexpr T end = single ? T(10.5) : T(27.5), centre = single ? T(2) : T(4);
    const V a = at_most(detail::magnitude(x), end);
    const V q = quotient(ASHLAR_KEEP(a - centre), a + centre);
    V p{};
    if constexpr (single)
        p = detail::poly(q, 8.294985302e-5f, 0.0001759978345f, -0.0004018504223f, -0.001428294688f, 0.00125122796f,
                         0.008712118378f, -0.00803004981f, -0.05421833739f, 0.1640509159f, -0.1660304904f,
                         -0.09276381608f, 1.276978382f);
    else
        p = detail::poly(
            q, 1.26378285804213688e-9, 1.86848738547351915e-9, -1.40919828225557551e-8, -1.79994754590314213e-8,
            1.10059961986400576e-7, 7.47195278050097102e-8, -8.25469974487116139e-7, 2.93778549434437866e-7,
            5.70978476096650561e-6, -0.0000112220463166690044, -0.0000243992442831298774, 0.000150621697046783542,
            -0.000199256684323891523, -0.000757773297366914639, 0.00503196997575317631, -0.016197734055994488,
            0.0371675155377702541, -0.0663303658124095089, 0.0937328349983302227, -0.101039066036294588,
            0.0680970542546932356, 0.015379652102619558, -0.139621116840562518, 1.23299511862555251);
    constexpr bits_of<T> half =
        single ? static_cast<bits_of<T>>(0xfffff000U) : static_cast<bits_of<T>>(0xfffffffff8000000U);
    const V high = __builtin_bit_cast(V, __builtin_bit_cast(bits_of<V>, a) & half);
    const V low = ASHLAR_KEEP(a - high), square = rounded(a * a);  // contracted, it would be another number than rest's
    const V rest = ASHLAR_KEEP(ASHLAR_KEEP(ASHLAR_KEEP(high * high - square) + 2 * high * low) + low * low);
    const auto e = detail::exp_split(V{} - square, V{} - rest);
    const V tail = ASHLAR_KEEP(ASHLAR_KEEP(1 + e.p) * e.s) * ASHLAR_KEEP(e.s * quotient(p, 1 + 2 * a));
    return x < V{} ? 2 - tail : tail;
}

// The root of the sum of squares, which are scaled to neither overflow nor vanish.
template <class V>
ASHLAR_INLINE constexpr V hypot(V x, V y) {
    using T = scalar_of<V>;
    constexpr bool single = std::is_same_v<T, float>;
    constexpr T large = single ? T(0x1p60) : T(0x1p500), up = single ? T(0x1p100) : T(0x1p600);
    const V a = detail::magnitude(x), b = detail::magnitude(y);
    constexpr T infinity = format<T>::infinity;
    if constexpr (!is_vector<V>) {
        if (a == infinity || b == infinity) return infinity;
        if (a != a || b != b) return format<T>::nan;
    }
    const V m = a > b ? a : b;
    const V scale = m > large ? splat<V>(1 / up) : m < 1 / large ? splat<V>(up) : splat<V>(1);
    const V back = m > large ? splat<V>(up) : m < 1 / large ? splat<V>(1 / up) : splat<V>(1);
    const V s = ASHLAR_KEEP(a * scale), t = ASHLAR_KEEP(b * scale), root = kernels::sqrt(s * s + t * t);
    if constexpr (is_vector<V>) return ((a == infinity) | (b == infinity)) ? splat<V>(infinity) : root * back;
    else return root > format<T>::largest / back ? infinity : root * back;
}

// The angle of the point (x, y).
template <class V>
ASHLAR_INLINE constexpr V atan2(V y, V x) {
    using T = scalar_of<V>;
    const V a = detail::magnitude(x), b = detail::magnitude(y);
    if constexpr (!is_vector<V>)
        if (x != x || y != y) return format<T>::nan;
    // The smaller by the larger, as nothing overflows then; 0 at the origin, 1 where both are infinite.
    const V above = a < b ? a : b, below = a < b ? b : a;
    const V tangent =
        above == below ? (below == 0 ? V{} : splat<V>(1)) : quotient(above, below == 0 ? splat<V>(1) : below);
    const V part = kernels::atan(((x != x) | (y != y)) ? x + y : tangent);
    const V in_quadrant = a < b ? detail::pi_high<T> / 2 - ASHLAR_KEEP(part - detail::pi_low<T> / 2) : part;
    const V flipped = detail::pi_high<T> - ASHLAR_KEEP(in_quadrant - detail::pi_low<T>);
    const auto negative = detail::signed_as(x, splat<V>(1)) < 0;
    return detail::signed_as(y, negative ? flipped : in_quadrant);
}

template <class V>
ASHLAR_INLINE constexpr V logaddexp(V a, V b) {
    if constexpr (!is_vector<V>)
        if (a != a || b != b) return a != a ? a : b;
    const V m = (kernels::max)(a, b);
    // Of equal ones, as two infinities are, nothing is taken away.
    const V away = a == b ? V{} : V{} - detail::magnitude(a == b ? V{} : a - b);
    return m + kernels::log1p(kernels::exp(away));
}

}  // namespace ashlar::kernels
#if defined(__clang__)
    #pragma float_control(pop)
#endif
