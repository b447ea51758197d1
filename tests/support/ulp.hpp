// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "support/fast_math.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace support {

/// Distance from the exact value in units of the last place of a result of its size. Infinities, NaN and the sign of
/// zero must be right, unless flags take their meaning away.
template <class T>
double ulp(T got, long double want) {
    const T rounded = static_cast<T>(want);
    if (!counts(rounded)) return 0;
    if (std::isnan(rounded) || std::isnan(got)) return std::isnan(rounded) && std::isnan(got) ? 0 : 1e9;
    if (std::isinf(rounded) || std::isinf(got)) return rounded == got ? 0 : 1e9;
    if (rounded == T{0} && got == T{0}) return std::signbit(rounded) == std::signbit(got) ? 0 : 1e9;
    int exponent = 0;
    std::frexp(rounded, &exponent);
    const int last = std::max(exponent, std::numeric_limits<T>::min_exponent) - std::numeric_limits<T>::digits;
    // volatile: g++ -ffast-math would compute it in double.
    volatile const long double difference = static_cast<long double>(got) - want;
    return static_cast<double>(std::fabs(difference) / std::ldexp(1.0L, last));
}

}  // namespace support
