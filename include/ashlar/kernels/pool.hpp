// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/kernels/pool_pairs.hpp"
#include "ashlar/kernels/window.hpp"

// Maxima over windows, a vector of windows at a time.
namespace ashlar::kernels {

/// What a pool needs of scratch, in elements: [packed image][its companion in the same frame][a plane of the result].
template <class T> struct pool_scratch {
    std::ptrdiff_t packed, second, pitch;

    [[gnu::noinline]] ASHLAR_FLATTEN constexpr explicit pool_scratch(const windows& w)
        : packed{0}, second{0}, pitch{rounded_up(w.plane(), lanes<T>) + slack<T>} {
        const window_frame f = frame_of<T>(w);
        if (!f.in_place) packed = f.plane + slack<T>;
        if (w.is(sliding::pool_image) || (w.is(sliding::pool_pick) && !f.in_place)) second = f.plane + slack<T>;
    }
    constexpr std::ptrdiff_t size() const { return packed + second + pitch; }
};

template <class T> constexpr std::ptrdiff_t pool_table_size(const windows& w) {
    return table_size<T>(frame_of<T>(w), 1);
}

namespace detail {

template <class T> [[gnu::noinline]] ASHLAR_FLATTEN void pool_windows(const T* x, const window_table& t, T* to) {
    for (std::ptrdiff_t v = 0; v < t.vectors; ++v) {
        const T* const from = x + t.from[v];
        vec<T> most = load(from + t.tap[0]);
        for (std::ptrdiff_t k = 1; k < t.taps; ++k) most = (max)(most, load(from + t.tap[k]));
        store(to + t.to[v], most);
    }
}

// What a frame has around an image whose elements are chosen from: a nan like no other, known by its bits. -inf would
// be chosen before an -inf of the image, which then would get no gradient.
template <class T> inline constexpr T around_choice = __builtin_bit_cast(T, 0x7ff8a51a5a15a51a);
template <> inline constexpr float around_choice<float> = __builtin_bit_cast(float, 0x7fc0a51a);

// Numbers of the taps that are the largest, the first of equal ones, in the integers that comparisons give.
template <bool Framed, class T> ASHLAR_INLINE inline auto chosen_taps(const T* from, const window_table& t) {
    using integers = decltype(std::declval<vec<T>>() < std::declval<vec<T>>());
    using integer = scalar_of<integers>;
    const auto outside = [](vec<T> v) {
        return __builtin_bit_cast(integers, v) == splat<integers>(__builtin_bit_cast(integer, around_choice<T>));
    };
    vec<T> most = load(from + t.tap[0]);
    integers chosen{};
    for (std::ptrdiff_t k = 1; k < t.taps; ++k) {
        const vec<T> v = load(from + t.tap[k]);
        auto better = (v > most) | (v != v);
        if constexpr (Framed) better = (better | outside(most)) & ~outside(v);
        most = select(better, v, most);
        chosen = select(better, splat<integers>(static_cast<integer>(k)), chosen);
    }
    return chosen;
}

template <bool Framed, class T> [[gnu::noinline]] ASHLAR_FLATTEN void pick_windows(const T* x, const T* other,
                                                                                   const window_table& t, T* to) {
    for (std::ptrdiff_t v = 0; v < t.vectors; ++v) {
        const auto chosen = chosen_taps<Framed>(x + t.from[v], t);
        vec<T> picked{};
        for (std::ptrdiff_t k = 0; k < t.taps; ++k)
            picked = select(chosen == splat<decltype(chosen)>(static_cast<scalar_of<decltype(chosen)>>(k)),
                            load(other + t.from[v] + t.tap[k]), picked);
        store(to + t.to[v], picked);
    }
}

// Windows of one vector never share an element of one tap; those of different vectors are added in order.
template <bool Framed, class T>
[[gnu::noinline]] ASHLAR_FLATTEN void spread_windows(const T* x, const T* g, const window_table& t,
                                                     std::ptrdiff_t out_x, T* to) {
    const std::ptrdiff_t row = rounded_up(out_x, lanes<T>) / lanes<T>, last = out_x - (row - 1) * lanes<T>;
    for (std::ptrdiff_t v = 0, in_row = 1; v < t.vectors; ++v, ++in_row) {
        const auto chosen = chosen_taps<Framed>(x + t.from[v], t);
        const vec<T> given = in_row == row ? load_first(g + t.to[v], last) : load(g + t.to[v]);
        if (in_row == row) in_row = 0;
        for (std::ptrdiff_t k = 0; k < t.taps; ++k) {
            T* const at = to + t.from[v] + t.tap[k];
            store(at, load(at) + select(chosen == splat<decltype(chosen)>(static_cast<scalar_of<decltype(chosen)>>(k)),
                                        given, vec<T>{}));
        }
    }
}

}  // namespace detail

/// One pooled plane; `scratch` for its frame. Padded: what lies behind the plane may be read.
template <bool Padded, class T>
ASHLAR_INLINE inline void pool_plane(const windows& w, const window_frame& f, const T* plane, const window_table& t,
                                     T* scratch, T* to) {
    if (pools_pairs(w)) return pool_pairs<Padded>(w, plane, to);
    if (!f.in_place) pack_plane(plane, f, detail::below_all<T>, scratch), plane = scratch;
    detail::pool_windows(plane, t, to);
}

/// Every plane of a batch of images; `other` is the second argument of what is computed.
template <class T, sliding What>
[[gnu::noinline]] ASHLAR_FLATTEN void pool(const windows& w, const T* image, const T* other, T* scratch,
                                           std::int32_t* memory, plane_receiver<T> out) {
    const window_frame f = frame_of<T>(w);
    const pool_scratch<T> s{w};
    const window_table table = fill_table<T>(f, 1, memory);
    const std::ptrdiff_t other_size = What == sliding::pool_image ? w.output() : w.image();
    T* const second = scratch + s.packed;
    T* const result = second + s.second;
    for (std::ptrdiff_t n = 0; n < w.batch; ++n)
        for (std::ptrdiff_t c = 0; c < w.channels; ++c, image += w.image(), other += other_size) {
            if constexpr (What == sliding::pool) {
                pool_plane<false>(w, f, image, table, scratch, result);
            } else if (What == sliding::pool_image && pools_pairs(w)) {
                spread_pairs(w, image, other, result);
            } else {
                const T* x = image;
                if (!f.in_place) pack_plane(image, f, detail::around_choice<T>, scratch), x = scratch;
                if constexpr (What == sliding::pool_image) {
                    detail::fill(second, f.plane, T{});
                    if (f.in_place) detail::spread_windows<false>(x, other, table, f.out_x, second);
                    else detail::spread_windows<true>(x, other, table, f.out_x, second);
                    unpack_plane(second, f, result);
                } else {
                    const T* h = other;
                    if (!f.in_place) pack_plane(other, f, T{}, second), h = second;
                    if (f.in_place) detail::pick_windows<false>(x, h, table, result);
                    else detail::pick_windows<true>(x, h, table, result);
                }
            }
            out.take(out.epilogue, n, c, 1, result, s.pitch);
        }
}

}  // namespace ashlar::kernels
