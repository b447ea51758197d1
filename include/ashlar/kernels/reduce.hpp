// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/kernels/map.hpp"

namespace ashlar::kernels {

/// How a reduction combines: a start value, a step for scalars and vectors, and what is left across the lanes.
struct sum_of {
    template <class T> static constexpr T start() { return T(-0.0); }
    template <class V> static constexpr V combine(V a, V b) { return a + b; }
    template <whole V> static constexpr V combine(V a, V b) { return wrapped_sum(a, b); }
    template <class V> static auto across(V v) { return reduce_add(v); }
};
struct product_of {
    template <class T> static constexpr T start() { return T(1); }
    template <class V> static constexpr V combine(V a, V b) { return a * b; }
    template <whole V> static constexpr V combine(V a, V b) { return wrapped_product(a, b); }
    template <class V> static auto across(V v) { return reduce_mul(v); }
};
struct maximum_of {
    template <class T> static constexpr T start() { return detail::below_all<T>; }
    template <class V> static constexpr V combine(V a, V b) { return (max)(a, b); }
    template <class V> static auto across(V v) { return reduce_max(v); }
};
struct minimum_of {
    template <class T> static constexpr T start() { return detail::above_all<T>; }
    template <class V> static constexpr V combine(V a, V b) { return (min)(a, b); }
    template <class V> static auto across(V v) { return reduce_min(v); }
};

/// 0, 1, 2, ... in the integers that comparisons of V give.
template <class V> ASHLAR_INLINE inline auto lane_numbers() {
    using integers = decltype(std::declval<V>() < std::declval<V>());
    return []<std::ptrdiff_t... At>(std::integer_sequence<std::ptrdiff_t, At...>) {
        return integers{static_cast<scalar_of<integers>>(At)...};
    }(lane_sequence<lanes<scalar_of<V>>>{});
}

/// The first `count` lanes of a, the others of b.
template <class V> ASHLAR_INLINE inline V first_lanes(V a, V b, std::ptrdiff_t count) {
    const auto lane = lane_numbers<V>();
    return select(lane < splat<decltype(lane)>(static_cast<scalar_of<decltype(lane)>>(count)), a, b);
}

/// The same for rows so short that vectors would be mostly empty.
template <class T, class How> struct short_row_reduction {
    T sum;
    ASHLAR_INLINE void begin() { sum = How::template start<T>(); }
    template <class Body> ASHLAR_INLINE void row(std::ptrdiff_t n, Body& body) {
        for (std::ptrdiff_t j = 0; j < n; ++j) sum = How::combine(sum, body.value(j));
    }
    ASHLAR_INLINE T result() const { return sum; }
};

/// The same for many rows, each of which is the beginning of one vector.
template <class T, class How, std::ptrdiff_t Row> struct narrow_reduction {
    vec<T> sum;
    ASHLAR_INLINE void begin() { sum = broadcast(How::template start<T>()); }
    template <class Body> ASHLAR_INLINE void row(std::ptrdiff_t, Body& body) {
        sum = How::combine(sum, first_lanes(body.vector(0, Row), broadcast(How::template start<T>()), Row));
    }
    ASHLAR_INLINE T result() const { return How::across(sum); }
};

/// The elements of rows combined, N of them where that is known. Cheap ones run into four vectors, so that additions do not
/// wait for each other. body.vector(j) gives the elements from j on, body.vector(j, count) the first `count` of them.
template <class T, class How, int Chains, std::ptrdiff_t N = 0> struct row_reduction {
    vec<T> sum[bound_of(Chains)];

    ASHLAR_INLINE void begin() {
        for (auto& v : sum) v = broadcast(How::template start<T>());
    }

    template <class Body> ASHLAR_INLINE void row(std::ptrdiff_t n, Body& body) {
        constexpr std::ptrdiff_t width = lanes<T>;
        std::ptrdiff_t j = 0;
        if constexpr (N > 0) n = N;
        if constexpr (N == 0 || N >= Chains * width)
            for (; j + Chains * width <= n; j += Chains * width)
                for (std::ptrdiff_t u = 0; u < Chains; ++u) sum[u] = How::combine(sum[u], body.vector(j + u * width));
        if constexpr (N == 0) {
            for (; j < n; j += width) combine_first(n - j < width ? n - j : width, j, body);
        } else {
            if constexpr (N % (Chains * width) >= width)
                for (; j + width <= N; j += width) sum[0] = How::combine(sum[0], body.vector(j));
            if constexpr (N % width > 0) combine_first(N % width, N - N % width, body);
        }
    }

    ASHLAR_INLINE T result() const {
        vec<T> all = sum[0];
        for (int u = 1; u < Chains; ++u) all = How::combine(all, sum[u]);
        return How::across(all);
    }

private:
    template <class Body> ASHLAR_INLINE void combine_first(std::ptrdiff_t count, std::ptrdiff_t j, Body& body) {
        sum[0] = How::combine(sum[0], first_lanes(body.vector(j, count), broadcast(How::template start<T>()), count));
    }
};

}  // namespace ashlar::kernels
