// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/kernels/map.hpp"

#include <limits>

namespace ashlar::kernels {

/// How a reduction combines: a start value, a step for scalars and vectors, and what is left across the lanes.
struct sum_of {
    template <class T> static constexpr T start() { return T(-0.0); }
    template <class V> static constexpr V combine(V a, V b) { return a + b; }
    template <class V> static auto across(V v) { return reduce_add(v); }
};
struct product_of {
    template <class T> static constexpr T start() { return T(1); }
    template <class V> static constexpr V combine(V a, V b) { return a * b; }
    template <class V> static auto across(V v) { return reduce_mul(v); }
};
struct maximum_of {
    template <class T> static constexpr T start() {
        return std::numeric_limits<T>::has_infinity ? -std::numeric_limits<T>::infinity() : std::numeric_limits<T>::lowest();
    }
    template <class V> static constexpr V combine(V a, V b) { return max(a, b); }
    template <class V> static auto across(V v) { return reduce_max(v); }
};
struct minimum_of {
    template <class T> static constexpr T start() {
        return std::numeric_limits<T>::has_infinity ? std::numeric_limits<T>::infinity() : std::numeric_limits<T>::max();
    }
    template <class V> static constexpr V combine(V a, V b) { return min(a, b); }
    template <class V> static auto across(V v) { return reduce_min(v); }
};

/// The elements of one row combined into four running vectors, so that additions do not wait for each other.
/// body.vector(j) gives the elements from j on; lanes past the end are replaced by the start value.
template <class T, class How> struct row_reduction {
    vec<T> lanes_of[4];
    T single;

    [[gnu::always_inline]] constexpr void begin() {
        single = How::template start<T>();
        if (!__builtin_is_constant_evaluated())
            for (auto& v : lanes_of) v = broadcast(How::template start<T>());
    }

    template <class Body> [[gnu::always_inline]] constexpr void row(std::ptrdiff_t n, Body& body) {
        constexpr std::ptrdiff_t width = lanes<T>;
        if (__builtin_is_constant_evaluated() || n < width) {
            for (std::ptrdiff_t j = 0; j < n; ++j) single = How::combine(single, body.value(j));
            return;
        }
        std::ptrdiff_t j = 0;
        for (; j + 4 * width <= n; j += 4 * width)
            for (std::ptrdiff_t u = 0; u < 4; ++u) lanes_of[u] = How::combine(lanes_of[u], body.vector(j + u * width));
        for (; j + width <= n; j += width) lanes_of[0] = How::combine(lanes_of[0], body.vector(j));
        for (; j < n; ++j) single = How::combine(single, body.value(j));
    }

    [[gnu::always_inline]] constexpr T result() const {
        if (__builtin_is_constant_evaluated()) return single;
        const vec<T> all = How::combine(How::combine(lanes_of[0], lanes_of[1]), How::combine(lanes_of[2], lanes_of[3]));
        return How::combine(single, How::across(all));
    }
};

}  // namespace ashlar::kernels
