// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/kernels/simd.hpp"
#include "ashlar/tensor/window.hpp"

// Pools of two by two elements, side by side: pairs are told apart in registers.
namespace ashlar::kernels {

constexpr bool pools_pairs(const windows& w) {
    constexpr auto pairs = [](const window_axis& a) {
        return a.taps == 2 && a.stride == 2 && a.padding == 0 && a.dilation == 1 && a.after == 0;
    };
    return w.dimensions < 3 && pairs(w.x) && pairs(w.y);
}

namespace detail {

template <std::ptrdiff_t First, class T, std::ptrdiff_t... At>
ASHLAR_INLINE inline vec<T> every_second(vec<T> a, vec<T> b, std::integer_sequence<std::ptrdiff_t, At...>) {
    return __builtin_shufflevector(a, b, (2 * At + First)...);
}
template <std::ptrdiff_t First, class T, std::ptrdiff_t... At>
ASHLAR_INLINE inline vec<T> woven(vec<T> even, vec<T> odd, std::integer_sequence<std::ptrdiff_t, At...>) {
    return __builtin_shufflevector(even, odd, (First + At / 2 + At % 2 * lanes<T>)...);
}

// Calls, as rows have one end: the code of a partial vector is long.
template <class T> [[gnu::noinline]] ASHLAR_FLATTEN vec<T> load_end(const T* p, std::ptrdiff_t n) {
    return n <= 0 ? vec<T>{} : load_first(p, n < lanes<T> ? n : lanes<T>);
}
template <class T> [[gnu::noinline]] ASHLAR_FLATTEN void store_end(T* p, vec<T> v, std::ptrdiff_t n) {
    if (n > 0) store_partial(p, v, n);
}

/// One half of a vector of pairs, of `count` pairs where it is not whole.
template <bool Whole, std::ptrdiff_t Half, class T>
ASHLAR_INLINE inline vec<T> read_pairs(const T* p, std::ptrdiff_t count) {
    const std::ptrdiff_t n = 2 * count - Half * lanes<T>;
    p += Half * lanes<T>;
    return Whole ? load(p) : load_end(p, n);
}

template <class T> struct pairs {
    vec<T> even, odd;

    template <bool Whole> ASHLAR_INLINE static pairs read(const T* p, std::ptrdiff_t count) {
        constexpr auto all = lane_sequence<lanes<T>>{};
        const vec<T> a = read_pairs<Whole, 0>(p, count), b = read_pairs<Whole, 1>(p, count);
        return {every_second<0, T>(a, b, all), every_second<1, T>(a, b, all)};
    }
    template <bool Whole> ASHLAR_INLINE void write(T* p, std::ptrdiff_t count) const {
        constexpr auto all = lane_sequence<lanes<T>>{};
        const std::ptrdiff_t n = 2 * count;
        const vec<T> a = woven<0, T>(even, odd, all), b = woven<lanes<T> / 2, T>(even, odd, all);
        if constexpr (Whole) {
            store(p, a), store(p + lanes<T>, b);
        } else {
            store_end(p, a, n), store_end(p + lanes<T>, b, n - lanes<T>);
        }
    }
};

// A vector of the largest elements of two rows.
template <bool Whole, std::ptrdiff_t Half, class T>
ASHLAR_INLINE inline vec<T> largest_of_rows(const T* from, const windows& w, std::ptrdiff_t count) {
    return (max)(read_pairs<Whole, Half>(from, count), read_pairs<Whole, Half>(from + w.x.in, count));
}
template <class T> ASHLAR_INLINE inline vec<T> largest_of_pairs(vec<T> a, vec<T> b) {
    constexpr auto all = lane_sequence<lanes<T>>{};
    return (max)(every_second<0, T>(a, b, all), every_second<1, T>(a, b, all));
}

template <bool Padded, class T> void pool_rows_of_pairs(const windows& w, const T* x, T* to) {
    const std::ptrdiff_t n = w.x.out(), rows = w.y.out();
    for (std::ptrdiff_t i = 0; i < rows; ++i, x += 2 * w.x.in, to += n) {
        std::ptrdiff_t j = 0;
        for (; j + lanes<T> <= n; j += lanes<T>)
            store(to + j, largest_of_pairs<T>(largest_of_rows<true, 0>(x + 2 * j, w, 0),
                                              largest_of_rows<true, 1>(x + 2 * j, w, 0)));
        if (j < n)
            store(to + j, largest_of_pairs<T>(largest_of_rows<Padded, 0>(x + 2 * j, w, n - j),
                                              largest_of_rows<Padded, 1>(x + 2 * j, w, n - j)));
    }
}

// The same where rows are whole vectors, an odd number of them: a pair of vectors may reach into the next row.
template <class T> void pool_vectors_of_pairs(const windows& w, const T* x, T* to) {
    const std::ptrdiff_t in_row = w.x.in / lanes<T>, behind = w.x.in;
    std::ptrdiff_t left = in_row;
    const auto next = [&]() ASHLAR_INLINE {
        const vec<T> most = largest_of_rows<true, 0>(x, w, 0);
        x += lanes<T>;
        if (--left == 0) x += behind, left = in_row;
        return most;
    };
    for (std::ptrdiff_t vectors = w.y.out() * in_row; vectors > 0; vectors -= 2, to += lanes<T>) {
        const vec<T> a = next();
        store(to, largest_of_pairs<T>(a, vectors > 1 ? next() : a));
    }
}

// Whether b takes the place of a, which comes first.
template <class V> ASHLAR_INLINE inline auto is_chosen_before(V b, V a) { return (b > a) | (b != b); }

// In each row the right one against the left one, then the lower row against the upper one: the first of equal ones
// stays.
template <bool Whole, class T>
ASHLAR_INLINE inline void spread_to_pairs(const T* from, const T* g, const windows& w, std::ptrdiff_t count, T* to) {
    const pairs<T> upper = pairs<T>::template read<Whole>(from, count),
                   lower = pairs<T>::template read<Whole>(from + w.x.in, count);
    const auto upper_right = is_chosen_before(upper.odd, upper.even),
               lower_right = is_chosen_before(lower.odd, lower.even);
    const auto below =
        is_chosen_before(select(lower_right, lower.odd, lower.even), select(upper_right, upper.odd, upper.even));
    const vec<T> given = Whole ? load(g) : load_end(g, count), none{};
    const vec<T> above_given = select(below, none, given), below_given = select(below, given, none);
    pairs<T>{select(upper_right, none, above_given), select(upper_right, above_given, none)}.template write<Whole>(
        to, count);
    pairs<T>{select(lower_right, none, below_given), select(lower_right, below_given, none)}.template write<Whole>(
        to + w.x.in, count);
}

}  // namespace detail

/// A plane of pairs; `to` is followed by slack. Padded: there is also something to read behind x.
template <bool Padded, class T> [[gnu::noinline]] ASHLAR_FLATTEN void pool_pairs(const windows& w, const T* x, T* to) {
    if (w.x.in % (2 * lanes<T>) == lanes<T>) detail::pool_vectors_of_pairs(w, x, to);
    else detail::pool_rows_of_pairs<Padded>(w, x, to);
}

/// g to the first largest element of every window of a plane, 0 elsewhere.
template <class T> [[gnu::noinline]] ASHLAR_FLATTEN void spread_pairs(const windows& w, const T* x, const T* g, T* to) {
    const std::ptrdiff_t n = w.x.out(), rows = w.y.out();
    if (2 * n < w.x.in || 2 * rows < w.y.in)
        for (std::ptrdiff_t i = 0; i < w.image(); i += lanes<T>) store(to + i, vec<T>{});
    for (std::ptrdiff_t i = 0; i < rows; ++i, x += 2 * w.x.in, to += 2 * w.x.in, g += n) {
        std::ptrdiff_t j = 0;
        for (; j + lanes<T> <= n; j += lanes<T>)
            detail::spread_to_pairs<true>(x + 2 * j, g + j, w, lanes<T>, to + 2 * j);
        if (j < n) detail::spread_to_pairs<false>(x + 2 * j, g + j, w, n - j, to + 2 * j);
    }
}

}  // namespace ashlar::kernels
