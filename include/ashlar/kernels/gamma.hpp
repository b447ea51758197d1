// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/kernels/log.hpp"
#include "ashlar/kernels/trigonometry.hpp"

// What is computed one number after the other, in double: the logarithm of the gamma function, its derivatives, and
// remainders. Polynomials: interpolated at Chebyshev's points in 50 digits.
#if defined(__clang__)
    #pragma float_control(precise, on, push)
#endif
namespace ashlar::kernels {

namespace detail {

// f of every lane: a function of its own, so that it is compiled once and not in every loop that is written out.
template <class F, class V, class... More>
[[gnu::noinline]] inline void in_lanes(F f, V& r, const V& x, const More&... more) {
    using T = scalar_of<V>;
    for (std::size_t i = 0; i < sizeof(V) / sizeof(T); ++i)
        r[i] = static_cast<T>(f(static_cast<double>(x[i]), static_cast<double>(more[i])...));
}
template <class F, class V, class... More> ASHLAR_INLINE constexpr V in_double(F f, V x, More... more) {
    using T = scalar_of<V>;
    if constexpr (is_vector<V>) {
        V r{};
        in_lanes(f, r, x, more...);
        return r;
    } else {
        const double r = f(static_cast<double>(x), static_cast<double>(more)...);
        if constexpr (std::is_same_v<T, float>) {
            if (magnitude(r) > 0x1.ffffffp127) return r < 0 ? -format<float>::infinity : format<float>::infinity;
            if (r != r) return format<float>::nan;
        }
        return static_cast<T>(r);
    }
}

// sin(pi x) and cos(pi x) up to their sign, from the distance to the nearest whole number, which is exact.
template <class T> constexpr T from_whole(T x) { return x - kernels::round(x); }

// log(gamma(x)) less its larger terms, from 10 on: Stirling's series in 1 / x.
template <class T> constexpr T stirling_rest(T x) {
    const T z = 1 / (x * x);
    return poly(z, -0.0295506535947712418, 0.0064102564102564102564, -0.0019175269175269175269,
                0.00084175084175084175084, -0.00059523809523809523810, 0.00079365079365079365079,
                -0.0027777777777777777778, 0.083333333333333333333) /
           x;
}
template <class T> constexpr T log_gamma_positive(T x) {
    if (x < 0.5) return log_gamma_positive(1 + x) - kernels::log(x);
    if (x < 1.5) {
        const T z = x - 1;
        return 0 + z * poly(z, -0.225139603400919278, 0.232202684318133821, 0.168337951104584873, -0.173105811186130217,
                            -0.153405615266619661, 0.158467666347743261, -0.00448526260385774313,
                            0.00529914541006458195, -0.0566396932228595388, 0.059288786676676641,
                            -0.0511778089352222629, 0.0540587767430145738, -0.0589892403106589925,
                            0.0626711104727692965, -0.0666555071944401428, 0.0714193572466293683,
                            -0.0769332433873452853, 0.0833545890029501805, -0.0909539905070960927, 0.100099430087477527,
                            -0.111334266480640388, 0.125509670153852754, -0.144049896760931857, 0.169557176989260449,
                            -0.207385551028721738, 0.270580808427833709, -0.400685634386531343, 0.82246703342411313,
                            -0.577215664901532861);
    }
    if (x < 3)
        return (x - 2) * poly(x - 2.25, 1.63054323521273324e-9, -3.83416492641122595e-9, 3.99027503861951929e-9,
                              -9.47670858086264428e-9, 2.93161109556478924e-8, -6.98233801507352488e-8,
                              1.61820050442628374e-7, -3.88693080723742686e-7, 9.40670276571013658e-7,
                              -2.28391256953959038e-6, 5.58377316997616494e-6, -0.000013771720989854269,
                              0.0000343361831134376175, -0.0000868058390198093795, 0.000223520084959411925,
                              -0.000590165673891357294, 0.00161488542039956718, -0.00466262667123044635,
                              0.014688323717319496, -0.0542954038521497025, 0.292238428216592859, 0.499486859569586377);
    T factors = 1;
    while (x < 10 && x >= 3) x -= 1, factors *= x;
    if (factors > 1) return kernels::log(factors) + log_gamma_positive(x);
    if (x > 0x1p1014) return x > 2.556e305 ? format<T>::infinity : x * (kernels::log(x) - 1);
    return (x - 0.5) * (kernels::log(x) - 1) + (0.41893853320467274178 + stirling_rest(x));
}
template <class T> constexpr T log_gamma(T x) {
    if (!(magnitude(x) < format<T>::infinity)) return x != x ? x : format<T>::infinity;
    if (x > 0) return log_gamma_positive(x);
    const T r = from_whole(x);
    if (r == 0) return format<T>::infinity;
    // log(pi / |x sin(pi x)|) - log(gamma(-x))
    if (x > -0x1p-60) return -kernels::log(-x);
    return kernels::log(3.14159265358979324 / (magnitude(kernels::sin(3.14159265358979324 * r)) * -x)) -
           log_gamma_positive(-x);
}

template <class T> constexpr T inverse_power(T x, T n) {
    T r = 1;
    for (T i = 0; i < n; i += 1) r /= x;
    return r;
}
// The n-th derivative of digamma for n >= 1 without its sign, by Euler's and Maclaurin's sum: n! times the sum of
// (x + k)^-(n + 1). x > 0.
template <class T> constexpr T inverse_powers(T n, T x) {
    T factorial = 1;
    for (T i = 2; i <= n; i += 1) factorial *= i;
    T sum = 0;
    for (; x < n + 10; x += 1) sum += inverse_power(x, n + 1);
    const T p = inverse_power(x, n);
    sum += p / n + 0.5 * p / x;
    // B2j / (2 j)! (n + 1) (n + 2) ... (n + 2 j - 1) x^-(n + 2 j)
    constexpr T bernoulli[] = {1.0 / 6,  -1.0 / 30,     1.0 / 42, -1.0 / 30,
                               5.0 / 66, -691.0 / 2730, 7.0 / 6,  -3617.0 / 510};
    T term = p / x * (n + 1) / (2 * x);
    for (int j = 1; j <= 8; ++j) {
        sum += bernoulli[j - 1] * term;
        term *= (n + 2 * j) * (n + 2 * j + 1) / ((2 * j + 1) * (2 * j + 2) * x * x);
    }
    return factorial * sum;
}
template <class T> constexpr T digamma(T x) {
    if (x != x || x == format<T>::infinity) return x;
    if (x == 0) return signed_as(-x, format<T>::infinity);
    T sum = 0;
    if (x < 0) {
        const T r = from_whole(x);
        if (r == 0 || x == -format<T>::infinity) return format<T>::nan;
        sum = magnitude(r) == 0.5 ? T{0} : -3.14159265358979324 / kernels::tan(3.14159265358979324 * r);
        x = 1 - x;
    }
    for (; x < 10; x += 1) sum -= 1 / x;
    const T z = 1 / (x * x);
    return sum + (kernels::log(x) - 0.5 / x -
                  z * poly(z, 0.083333333333333333333, -0.021092796092796092796, 0.0075757575757575757576,
                           -0.0041666666666666666667, 0.0039682539682539682540, -0.0083333333333333333333,
                           0.083333333333333333333));
}
template <class T> constexpr T polygamma(T n, T x) {
    if (n == 0) return digamma(x);
    if (x != x || !(n > 0) || n != kernels::floor(n)) return format<T>::nan;
    if (x == format<T>::infinity) return 0;
    const bool odd = kernels::floor(n / 2) * 2 != n;
    if (x > 0) return odd ? inverse_powers(n, x) : -inverse_powers(n, x);
    if (from_whole(x) == 0) return format<T>::infinity;
    if (n == 1) {
        const T s = kernels::sin(3.14159265358979324 * from_whole(x));
        return 9.86960440108935862 / (s * s) - inverse_powers(n, 1 - x);
    }
    if (x < -1000) return format<T>::nan;
    T below = 0;  // the first terms of the sum
    for (; x < 0; x += 1) below += inverse_power(x, n + 1);
    T factorial = 1;
    for (T i = 2; i <= n; i += 1) factorial *= i;
    const T all = factorial * below + inverse_powers(n, x);
    return odd ? all : -all;
}

// v > 0 as a whole number of 53 binary digits times 2^(exponent - 1075)
template <class T> constexpr std::uint64_t significand(T v, int& exponent) {
    constexpr std::uint64_t hidden = 0x0010000000000000U;
    const bool denormal = v < format<T>::smallest;
    const auto bits = __builtin_bit_cast(std::uint64_t, denormal ? v * 0x1p54 : v);
    exponent = static_cast<int>(bits >> 52) - (denormal ? 54 : 0);
    return (bits & (hidden - 1)) | hidden;
}
// The exact rest of a division that is cut off: a long division in binary, eleven digits at a time.
template <class T> constexpr T rest_of_quotient(T x, T y) {
    const T a = magnitude(x), b = magnitude(y);
    if (!(a < format<T>::infinity) || b == 0 || b != b) return format<T>::nan;
    if (a < b) return x;
    int from = 0, to = 0;
    std::uint64_t rest = significand(a, from);
    const std::uint64_t divisor = significand(b, to);
    rest %= divisor;
    while (from > to) {
        const int digits = from - to < 11 ? from - to : 11;
        rest = (rest << digits) % divisor, from -= digits;
    }
    // rest * 2^(to - 1075), exact: it is below b
    T r = static_cast<T>(rest);
    int power = to - 1075;
    for (; power < -1000; power += 500) r *= 0x1p-500;
    for (; power > 500; power -= 500) r *= 0x1p500;
    r *= __builtin_bit_cast(T, static_cast<std::uint64_t>(power + 1023) << 52);
    return signed_as(x, r);
}

// For arguments of other names: these depend on the type, so that nothing is compiled where it is not used.
struct log_gamma_of {
    constexpr auto operator()(auto x) const { return log_gamma(x); }
};
struct digamma_of {
    constexpr auto operator()(auto x) const { return digamma(x); }
};
struct polygamma_of {
    constexpr auto operator()(auto n, auto x) const { return polygamma(n, x); }
};
struct rest_of {
    constexpr auto operator()(auto x, auto y) const { return rest_of_quotient(x, y); }
};

}  // namespace detail

template <class V> ASHLAR_INLINE constexpr V lgamma(V x) { return detail::in_double(detail::log_gamma_of{}, x); }
template <class V> ASHLAR_INLINE constexpr V digamma(V x) { return detail::in_double(detail::digamma_of{}, x); }
template <class V> ASHLAR_INLINE constexpr V polygamma(V n, V x) {
    return detail::in_double(detail::polygamma_of{}, n, x);
}

// The rest of a division whose quotient is cut off: the sign is the dividend's. Of whole numbers 0 where they are
// divided by 0.
template <class V> ASHLAR_INLINE constexpr V fmod(V x, V y) {
    if constexpr (!whole<V>) {
        return detail::in_double(detail::rest_of{}, x, y);
    } else if constexpr (is_vector<V>) {
        V r{};
        for (std::size_t i = 0; i < sizeof(V) / sizeof(scalar_of<V>); ++i)
            r[i] = kernels::fmod<scalar_of<V>>(x[i], y[i]);
        return r;
    } else {
        return y == 0 || y == -1 ? V{} : x % y;
    }
}
// The same of a quotient that is rounded down: the sign is the divisor's.
template <class V> ASHLAR_INLINE constexpr V remainder(V x, V y) {
    const V r = kernels::fmod(x, y);
    if constexpr (is_vector<V>) return ((r != 0) & ((r < 0) != (y < 0))) ? r + y : r;
    else return r != 0 && (r < 0) != (y < 0) ? r + y : r;
}

}  // namespace ashlar::kernels
#if defined(__clang__)
    #pragma float_control(pop)
#endif
