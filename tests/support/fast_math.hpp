// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <type_traits>

namespace support {

/// False with -ffast-math: infinities, nan, -0 and denormal numbers mean nothing then, and tests leave them out.
#if defined(__FAST_MATH__) || __FINITE_MATH_ONLY__ || defined(__RECIPROCAL_MATH__)
inline constexpr bool keeps_ieee = false;
#else
inline constexpr bool keeps_ieee = true;
#endif

/// With -ffast-math, std::isfinite is always true.
constexpr bool has_infinite_bits(double x) { return (std::bit_cast<std::uint64_t>(x) >> 52 & 0x7ff) == 0x7ff; }

/// Whether x is a number that keeps its meaning, also where a part of the size of its last place is computed.
template <class T>
constexpr bool counts(T x) {
    using word = std::conditional_t<sizeof(T) == 8, std::uint64_t, std::uint32_t>;
    constexpr int mantissa = sizeof(T) == 8 ? 52 : 23;
    constexpr word exponents = sizeof(T) == 8 ? 0x7ff : 0xff;
    const word bits = std::bit_cast<word>(x), exponent = bits >> mantissa & exponents;
    return keeps_ieee || bits == 0 || (exponent > mantissa && exponent != exponents);
}

// Those of the C library: with -ffast-math, g++ puts instructions in their place that know few bits of pi.
namespace library {
using function = long double (*)(long double);
inline const volatile function long_sin = ::sinl, long_cos = ::cosl, long_tan = ::tanl, long_sqrt = ::sqrtl;

inline double sin(double x) { return std::sin(x); }
inline double cos(double x) { return std::cos(x); }
inline double tan(double x) { return std::tan(x); }
inline long double sin(long double x) { return long_sin(x); }
inline long double cos(long double x) { return long_cos(x); }
inline long double tan(long double x) { return long_tan(x); }
inline long double sqrt(long double x) { return long_sqrt(x); }
}  // namespace library

}  // namespace support
