// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/kernels/rounding.hpp"

// The exponential and what is made of it. Polynomials: Sollya's fpminimax on [-ln 2, ln 2].
#if defined(__clang__)
    #pragma float_control(precise, on, push)
#endif
namespace ashlar::kernels {

namespace detail {

template <class T>
struct exp_constants;

template <>
struct exp_constants<float> {
    static constexpr float scale = 0.7213475204f, high = 1.38629150390625f,
                           low = 2.857213620618834e-6f;                    // 2 ln 2 = high + low
    static constexpr float lowest = -104.0f, highest = 89.0f;              // where exp has become 0, infinity
    static constexpr float log_max = 88.7228317f, cosh_max = 89.4159851f;  // the last finite values
    static constexpr float vanished = -20.0f, saturated = 10.0f, erf_one = 4.0f;
    static constexpr float lift = 64;  // as an exponent
};

template <>
struct exp_constants<double> {
    static constexpr double scale = 0.72134752044448170368, high = 1.386294361119325913023204,
                            low = 5.64705811260631542451769e-13;
    static constexpr double lowest = -746.0, highest = 710.0;
    static constexpr double log_max = 709.782712893384, cosh_max = 710.4758600739439;
    static constexpr double vanished = -40.0, saturated = 22.0, erf_one = 6.0;
    static constexpr double lift = 512;
};

// Adding it rounds to an integer n, and leaves n in the low bits as it is stored as an exponent.
template <class T>
inline constexpr T exponent_magic = format<T>::magic + static_cast<T>(format<T>::one >> format<T>::mantissa);

// 2^n for t = n + exponent_magic.
template <class V>
ASHLAR_INLINE constexpr V power_of_two(V t) {
    return __builtin_bit_cast(V, __builtin_bit_cast(bits_of<V>, t) << format<scalar_of<V>>::mantissa);
}

// exp(x) = (1 + p) * s * s. The scale is split because 2^128 and 2^-149 are no normal floats.
template <class V>
struct exp_parts {
    V p, s;
};

// For lowest <= x <= highest, where exp has long become 0 or infinity. With tail: exp(x + tail).
template <class V, class... Tail>
ASHLAR_INLINE constexpr exp_parts<V> exp_split(V x, Tail... tail) {
    using T = scalar_of<V>;
    using c = exp_constants<T>;
    constexpr T magic = exponent_magic<T>;
    const V t = ASHLAR_KEEP(x * c::scale + magic);
    const V h = ASHLAR_KEEP(t - magic);
    const V r = ASHLAR_KEEP((ASHLAR_KEEP(ASHLAR_KEEP(ASHLAR_KEEP(x) - h * c::high) - h * c::low) + ... + tail));
    const V s = power_of_two(t);
    if constexpr (std::is_same_v<T, float>)
        return {r + ASHLAR_KEEP(r * r *
                                poly_fast(r, 0.00019829026f, 0.0014091812f, 0.008334433f, 0.04166207f, 0.16666645f,
                                          0.50000024f)),
                s};
    else
        return {r + ASHLAR_KEEP(r * r *
                                poly_fast(r, 1.6064096566630358e-10, 2.1055136596147976e-09, 2.5053019966375316e-08,
                                          2.755625755697914e-07, 2.7557312653984934e-06, 2.480159032211739e-05,
                                          0.0001984126985922122, 0.001388888888473704, 0.008333333333312987,
                                          0.04166666666669083, 0.1666666666666674, 0.4999999999999996)),
                s};
}

// NaN stays.
template <class V>
ASHLAR_INLINE constexpr V clamp(V x, scalar_of<V> low, scalar_of<V> high) {
    return at_least(at_most(x, high), low);
}

// x within [lowest, highest].
template <class V>
ASHLAR_INLINE constexpr V exp_within(V x) {
    const exp_parts<V> e = exp_split(x);
    return ASHLAR_KEEP(ASHLAR_KEEP(e.p * e.s) + e.s) * e.s;
}

// exp(x) * factor without overflow on the way; x within [lowest, highest].
template <class V>
ASHLAR_INLINE constexpr V exp_times(V x, scalar_of<V> factor) {
    const exp_parts<V> e = exp_split(x);
    return ASHLAR_KEEP(ASHLAR_KEEP(1 + e.p) * e.s) * ASHLAR_KEEP(e.s * factor);
}

// 1 - 2^-n is exact where it matters. x within [vanished, highest].
template <class V>
ASHLAR_INLINE constexpr V expm1_within(V x) {
    using T = scalar_of<V>;
    const exp_parts<V> e = exp_split(x);
    const V w = __builtin_bit_cast(V, 2 * format<T>::one - __builtin_bit_cast(bits_of<V>, e.s));  // 1 / s
    return ASHLAR_KEEP(ASHLAR_KEEP(e.p + ASHLAR_KEEP(1 - w * w)) * e.s) * e.s;
}

}  // namespace detail

template <class V>
ASHLAR_INLINE constexpr V exp(V x) {
    using c = detail::exp_constants<scalar_of<V>>;
    if constexpr (is_vector<V>) {
        return detail::exp_within(detail::clamp(x, c::lowest, c::highest));
    } else {
        if (!(x >= c::lowest && x <= c::log_max)) return x > 0 ? format<V>::infinity : x < 0 ? 0 : x;
        return detail::exp_within(x);
    }
}

template <class V>
ASHLAR_INLINE constexpr V expm1(V x) {
    using c = detail::exp_constants<scalar_of<V>>;
    if constexpr (is_vector<V>) {
        const V r = detail::expm1_within(detail::clamp(x, c::vanished, c::highest));
        return x == 0 ? x : r;  // -0
    } else {
        if (!(x >= c::vanished && x <= c::log_max) || x == 0) return x > 0 ? format<V>::infinity : x < 0 ? -1 : x;
        return detail::expm1_within(x);
    }
}

// 1 / (1 + e^-x) = w / (w + e^r) for -x = n ln 2 + r and w = 2^-n; both sides are lifted, so that the quotient rounds
// denormals.
template <class V>
ASHLAR_INLINE constexpr V sigmoid(V x) {
    using T = scalar_of<V>;
    using c = detail::exp_constants<T>;
    if constexpr (!is_vector<V>)
        if (x != x) return x;
    constexpr T magic = detail::exponent_magic<T> + c::lift, l = detail::power_of_two(magic);
    const V a = detail::clamp(x, c::lowest, -c::vanished);
    const V t = ASHLAR_KEEP(a * (2 * c::scale) + magic);
    const V n = ASHLAR_KEEP(t - magic);
    const V r = ASHLAR_KEEP(ASHLAR_KEEP(n * (c::high / 2) - a) + n * (c::low / 2));
    const V w = detail::power_of_two(t);
    V p{};  // (e^r - 1) / r, lifted
    if constexpr (std::is_same_v<T, float>)
        p = detail::poly(r, 0.00828943867f * l, 0.0418970957f * l, 0.166674584f * l, 0.499991924f * l, l);
    else
        p = detail::poly_fast(r, 2.505645303324636e-08 * l, 2.762628476979732e-07 * l, 2.755739961485683e-06 * l,
                              2.480150454744868e-05 * l, 0.00019841269727136632 * l, 0.001388888893230253 * l,
                              0.008333333333386235 * l, 0.041666666666573794 * l, 0.16666666666666594 * l,
                              0.5000000000000006 * l, l);
    return quotient(w, ASHLAR_KEEP(p * r + ASHLAR_KEEP(l + w)));
}

// |x| = n ln(2)/2 + s and t = tanh(s) = s / N with N = s coth(s), a polynomial in s^2; then e^2|x| = 2^n
// (1 + t) / (1 - t), and tanh |x| = (e^2|x| - 1) / (e^2|x| + 1) with both sides multiplied by (1 - t) N w for w = 2^-n.
// What the denominator has more is added to the numerator: where they are nearly the same, so are their errors.
template <class V>
ASHLAR_INLINE constexpr V tanh(V x) {
    using T = scalar_of<V>;
    using c = detail::exp_constants<T>;
    if constexpr (!is_vector<V>)
        if (x != x) return x;
    constexpr T magic = detail::exponent_magic<T>;
    const V a = at_most(detail::magnitude(x), c::saturated);
    const V u = ASHLAR_KEEP(magic - a * (4 * c::scale));
    const V s = a - ASHLAR_KEEP(magic - u) * static_cast<T>(0.34657359027997264), z = s * s;
    const V w = detail::power_of_two(u);
    V n{};
    if constexpr (std::is_same_v<T, float>) n = detail::poly(z, -0.022134024f, 0.33333252f, 1.0f);
    else
        n = detail::poly_fast(z, 2.118718398191898e-05, -0.0002116339436334095, 0.002116402022765405,
                              -0.022222222221611654, 0.33333333333333204, 1.0);
    const V above = ASHLAR_KEEP(ASHLAR_KEEP(1 - w) * n + ASHLAR_KEEP(1 + w) * s);
    return detail::signed_as(x, quotient(above, ASHLAR_KEEP((w + w) * ASHLAR_KEEP(n - s) + above)));
}

template <class V>
ASHLAR_INLINE constexpr V sinh(V x) {
    using T = scalar_of<V>;
    using c = detail::exp_constants<T>;
    const V a = detail::magnitude(x);
    if constexpr (!is_vector<V>)
        if (!(a <= c::cosh_max)) return x != x ? x : detail::signed_as(x, format<T>::infinity);
    const V e = detail::exp_times(detail::clamp(a, T{0}, c::highest + 1), T{0.5});
    const V b = a < 1 ? a : splat<V>(1);
    const V z = b * b;
    if constexpr (std::is_same_v<T, float>)
        return detail::signed_as(
            x, a < 1
                   ? b + ASHLAR_KEEP(b * z * detail::poly(z, 2.789984e-06f, 0.00019841666f, 0.008333315f, 0.16666667f))
                   : e - quotient(splat<V>(T{0.25}), e));
    else
        return detail::signed_as(
            x, a < 1 ? b + ASHLAR_KEEP(b * z *
                                       detail::poly(z, 7.765922744786494e-13, 1.6056999787590128e-10,
                                                    2.5052126863862458e-08, 2.7557319130344088e-06,
                                                    0.0001984126984153126, 0.00833333333333297, 0.16666666666666669))
                     : e - quotient(splat<V>(T{0.25}), e));
}

template <class V>
ASHLAR_INLINE constexpr V cosh(V x) {
    using T = scalar_of<V>;
    using c = detail::exp_constants<T>;
    const V a = detail::magnitude(x);
    if constexpr (!is_vector<V>)
        if (!(a <= c::cosh_max)) return x != x ? x : format<T>::infinity;
    const V e = detail::exp_times(detail::clamp(a, T{0}, c::highest + 1), T{0.5});
    return e + quotient(splat<V>(T{0.25}), e);
}

// Below 1 a polynomial, above 1 - exp(g(x)) with g = log(erfc(x)), weighted by erfc / erf.
template <class V>
ASHLAR_INLINE constexpr V erf(V x) {
    using T = scalar_of<V>;
    if constexpr (!is_vector<V>)
        if (x != x) return x;
    const V a = detail::clamp(detail::magnitude(x), T{0}, detail::exp_constants<T>::erf_one);
    const V z = a < 1 ? a * a : splat<V>(1);
    if constexpr (std::is_same_v<T, float>) {
        const V inner = a + ASHLAR_KEEP(a * detail::poly(z, 7.846173e-05f, -0.0008007889f, 0.0051880744f, -0.026853692f,
                                                         0.11283583f, -0.37612626f, 0.12837917f));
        const V outer = detail::poly(a, -2.1697624e-05f, 0.00044147277f, -0.0042052856f, 0.025210341f, -0.1084221f,
                                     -0.6332164f, -1.1295803f, 0.00018846845f);
        return detail::signed_as(x, a < 1 ? inner : 1 - detail::exp_within(outer));
    } else {
        const V inner =
            a + ASHLAR_KEEP(a * detail::poly(z, -7.768631603009701e-10, 1.370470581236866e-08, -1.6204733000644746e-07,
                                             1.6446904371860057e-06, -1.4924691776601541e-05, 0.000120552923664167,
                                             -0.000854832588244731, 0.0052239776049508215, -0.026866170642933267,
                                             0.11283791670942668, -0.3761263890318346, 0.12837916709551256));
        const V outer = detail::poly(a, -4.929062838626243e-12, 2.0451318709124643e-10, -3.934562083204538e-09,
                                     4.6426224125030137e-08, -3.7332828141303585e-07, 2.1358184736731845e-06,
                                     -8.667755530313319e-06, 2.2824419267420566e-05, -2.0271528334378793e-05,
                                     -0.0001350406310476907, 0.0007706278944342152, -0.0019159245496376558,
                                     0.0004106101557972939, 0.018990191498670025, -0.10270344609379074,
                                     -0.6366436257319174, -1.1283740899960495, -5.027965479474442e-07);
        return detail::signed_as(x, a < 1 ? inner : 1 - detail::exp_within(outer));
    }
}

}  // namespace ashlar::kernels
#if defined(__clang__)
    #pragma float_control(pop)
#endif
