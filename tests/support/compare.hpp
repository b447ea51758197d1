// SPDX-License-Identifier: BSL-1.0
// Numbers beside expected numbers: relative to 1 + |expected|; nan equals nan, an infinity itself, unless flags take
// their meaning away.
#pragma once

#include <ashlar/tensor/tensor.hpp>

#include "support/catch.hpp"
#include "support/fast_math.hpp"

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>

namespace support {

inline bool close(double got, double expected, double tolerance) {
    if (!keeps_ieee && (!counts(expected) || has_infinite_bits(got))) return !counts(expected);
    if (std::isnan(expected)) return std::isnan(got);
    if (std::isinf(expected)) return got == expected;
    return std::abs(got - expected) <= tolerance * (1 + std::abs(expected));
}

/// The index of the first element that is not as expected, or -1.
template <class T, std::size_t... Dims, class E>
int first_difference(const ashlar::Tensor<T, Dims...>& got, const E* expected, double tolerance) {
    for (std::size_t i = 0; i < got.size(); ++i) {
        if (close(static_cast<double>(got.data()[i]), static_cast<double>(expected[i]), tolerance)) continue;
        UNSCOPED_INFO("element " << i << " is " << got.data()[i] << ", expected " << expected[i]);
        return static_cast<int>(i);
    }
    return -1;
}
template <class T, std::size_t... Dims>
int first_difference(const ashlar::Tensor<T, Dims...>& got, const ashlar::Tensor<T, Dims...>& expected,
                     double tolerance) {
    return first_difference(got, expected.data(), tolerance);
}

/// Units in the last place between two floating-point numbers; 0 for two nans.
template <class T> double ulps(T a, T b) {
    if (a == b || (a != a && b != b)) return 0;
    using bits = std::conditional_t<sizeof(T) == 4, std::int32_t, std::int64_t>;
    const auto ordered = [](T x) {
        const auto i = std::bit_cast<bits>(x);
        return i < 0 ? -(i & std::numeric_limits<bits>::max()) : i;
    };
    return std::abs(static_cast<double>(ordered(a) - ordered(b)));
}

}  // namespace support
