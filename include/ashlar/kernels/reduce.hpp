// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/kernels/map.hpp"

namespace ashlar::kernels {

/// How a reduction combines: a start value, a step for scalars and vectors, and what is left
/// across the lanes. Rounds: the more is combined one after the other, the larger the error.
struct sum_of {
    static constexpr bool rounds = true;
    template <class T> static constexpr T start() { return T(-0.0); }
    template <class V> static constexpr V combine(V a, V b) { return a + b; }
    template <whole V> static constexpr V combine(V a, V b) { return wrapped_sum(a, b); }
    template <class V> static auto across(V v) { return reduce_add(v); }
};
struct product_of {
    static constexpr bool rounds = false;  // no order is better
    template <class T> static constexpr T start() { return T(1); }
    template <class V> static constexpr V combine(V a, V b) { return rounded(a * b); }
    template <whole V> static constexpr V combine(V a, V b) { return wrapped_product(a, b); }
    template <class V> static auto across(V v) { return reduce_mul(v); }
};
struct maximum_of {
    static constexpr bool rounds = false;
    template <class T> static constexpr T start() { return detail::below_all<T>; }
    template <class V> static constexpr V combine(V a, V b) { return (max)(a, b); }
    template <class V> static auto across(V v) { return reduce_max(v); }
};
struct minimum_of {
    static constexpr bool rounds = false;
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

// ---- long sums ----
//
// The error of a sum of n numbers, one after the other, may be n times that of one addition: a million
// times 0.1 was 100,960. So after 32 of them a sum begins anew, and is added to a sum of sums, which does
// the same; four times, for 33 million. With that an error is at most 5 * 32 + n / 2^25 times that of an
// addition, on the sum of the magnitudes. What is known to be short goes without: up to 128 additions.

inline constexpr int stage_length = 32;
inline constexpr std::ptrdiff_t longest_chain = 128;

/// Whether T by How wants stages for so many numbers, one after the other; 0: unknown how many.
template <class T, class How> constexpr bool takes_stages(std::ptrdiff_t additions) {
    return How::rounds && std::is_floating_point_v<T> && (additions == 0 || additions > longest_chain);
}

template <class How, class V> ASHLAR_INLINE inline V start_of() {
    return splat<V>(How::template start<scalar_of<V>>());
}

/// The sums that have ended, stage by stage.
template <class V, class How> struct stages {
    V ended[4];
    int number;  // of those of the first stage

    ASHLAR_INLINE void begin() {
        for (auto& v : ended) v = start_of<How, V>();
        number = 0;
    }
    ASHLAR_INLINE void add(V sum) {
        ended[0] = How::combine(ended[0], sum);
        if (++number % stage_length == 0) carry();
    }
    ASHLAR_INLINE V with(V sum) const {
        return How::combine(ended[3], How::combine(ended[2], How::combine(ended[1], How::combine(ended[0], sum))));
    }

private:
    // No loop: what is indexed by a variable does not stay in registers.
    ASHLAR_INLINE void carry() {
        pass<0>();
        if (number % (stage_length * stage_length) != 0) return;
        pass<1>();
        if (number % (stage_length * stage_length * stage_length) == 0) pass<2>();
    }
    template <int From> ASHLAR_INLINE void pass() {
        ended[From + 1] = How::combine(ended[From + 1], ended[From]);
        ended[From] = start_of<How, V>();
    }
};

/// Scalars or vectors that are combined one after the other. Long: in stages.
template <class V, class How, bool Long> struct chain {
    V sum;
    ASHLAR_INLINE void begin() { sum = start_of<How, V>(); }
    ASHLAR_INLINE void add(V v) { sum = How::combine(sum, v); }
    ASHLAR_INLINE V result() const { return sum; }
};
template <class V, class How> struct chain<V, How, true> {
    V sum;
    stages<V, How> before;
    int left;

    ASHLAR_INLINE void begin() {
        before.begin();
        begin_stage();
    }
    ASHLAR_INLINE void add(V v) {
        sum = How::combine(sum, v);
        if (--left > 0) return;
        before.add(sum);
        begin_stage();
    }
    ASHLAR_INLINE V result() const { return before.with(sum); }

private:
    ASHLAR_INLINE void begin_stage() { sum = start_of<How, V>(), left = stage_length; }
};

// ---- rows ----

/// The same for rows so short that vectors would be mostly empty.
template <class T, class How, bool Long> struct short_row_reduction : chain<T, How, Long> {
    template <class Body> ASHLAR_INLINE void row(std::ptrdiff_t n, Body& body) {
        for (std::ptrdiff_t j = 0; j < n; ++j) this->add(body.value(j));
    }
};

/// The lanes of which no more than the first `Used` hold something: to fold them takes fewer steps.
template <std::ptrdiff_t Used, class V> ASHLAR_INLINE inline auto used_lanes(V v) {
    constexpr auto all = static_cast<std::ptrdiff_t>(sizeof(V) / sizeof(scalar_of<V>));
    if constexpr (all > 2 && 2 * Used <= all) return used_lanes<Used>(part<0, all / 2>(v));
    else return v;
}

/// The same for many rows, each of which is the beginning of one vector.
template <class T, class How, std::ptrdiff_t Row, bool Long> struct narrow_reduction {
    chain<vec<T>, How, Long> sum;
    ASHLAR_INLINE void begin() { sum.begin(); }
    template <class Body> ASHLAR_INLINE void row(std::ptrdiff_t, Body& body) {
        sum.add(first_lanes(body.vector(0, Row), broadcast(How::template start<T>()), Row));
    }
    ASHLAR_INLINE T result() const { return How::across(used_lanes<Row>(sum.result())); }
};

/// The elements of rows combined, N of them where that is known. Cheap ones run into four vectors, so that additions do
/// not wait for each other. body.vector(j) gives the elements from j on, body.vector(j, count) the first `count` of
/// them.
template <class T, class How, int Chains, std::ptrdiff_t N, bool Long> struct row_reduction {
    vec<T> sum[bound_of(Chains)];

    ASHLAR_INLINE void begin() {
        for (auto& v : sum) v = broadcast(How::template start<T>());
    }
    template <class Body> ASHLAR_INLINE void row(std::ptrdiff_t n, Body& body) {
        if constexpr (N > 0) n = N;
        combine_rest(combine_whole(0, n, body), n, body);
    }
    ASHLAR_INLINE T result() const { return How::across(used_lanes<(N > 0 && N < width ? N : width)>(all())); }

protected:
    static constexpr std::ptrdiff_t width = lanes<T>, together = Chains * width;

    ASHLAR_INLINE vec<T> all() const {
        vec<T> v = sum[0];
        for (int u = 1; u < Chains; ++u) v = How::combine(v, sum[u]);
        return v;
    }
    // All vectors from j on that fill the chains; gives what comes then.
    template <class Body> ASHLAR_INLINE std::ptrdiff_t combine_whole(std::ptrdiff_t j, std::ptrdiff_t end, Body& body) {
        if constexpr (N == 0 || N >= together)
            for (; j + together <= end; j += together)
                for (std::ptrdiff_t u = 0; u < Chains; ++u) sum[u] = How::combine(sum[u], body.vector(j + u * width));
        return j;
    }
    template <class Body> ASHLAR_INLINE void combine_rest(std::ptrdiff_t j, std::ptrdiff_t n, Body& body) {
        if constexpr (N == 0) {
            for (; j < n; j += width) combine_first(n - j < width ? n - j : width, j, body);
        } else {
            if constexpr (N % together >= width)
                for (; j + width <= N; j += width) sum[0] = How::combine(sum[0], body.vector(j));
            if constexpr (N % width > 0) combine_first(N % width, N - N % width, body);
        }
    }

private:
    template <class Body> ASHLAR_INLINE void combine_first(std::ptrdiff_t count, std::ptrdiff_t j, Body& body) {
        sum[0] = How::combine(sum[0], first_lanes(body.vector(j, count), broadcast(How::template start<T>()), count));
    }
};
template <class T, class How, int Chains, std::ptrdiff_t N>
struct row_reduction<T, How, Chains, N, true> : row_reduction<T, How, Chains, N, false> {
    using chains = row_reduction<T, How, Chains, N, false>;
    stages<vec<T>, How> before;
    std::ptrdiff_t left;  // additions to each chain

    ASHLAR_INLINE void begin() {
        chains::begin();
        before.begin();
        left = stage_length;
    }
    template <class Body> ASHLAR_INLINE void row(std::ptrdiff_t n, Body& body) {
        if constexpr (N > 0) n = N;
        std::ptrdiff_t j = 0;
        while (n - j >= chains::together) {
            const std::ptrdiff_t groups = (n - j) / chains::together, now = groups < left ? groups : left;
            j = chains::combine_whole(j, j + now * chains::together, body);
            count(now);
        }
        if (j < n) chains::combine_rest(j, n, body), count(Chains);
    }
    ASHLAR_INLINE T result() const { return How::across(before.with(chains::all())); }

private:
    ASHLAR_INLINE void count(std::ptrdiff_t additions) {
        left -= additions;
        if (left > 0) return;
        before.add(chains::all());
        chains::begin();
        left = stage_length;
    }
};

}  // namespace ashlar::kernels
