// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/kernels/gemm_tile.hpp"

// Panels of B: k rows of one or two vectors, padded with zeros.
namespace ashlar::kernels::detail {

// Every second chunk of W lanes from a, b in turn, within 16 bytes: the unpack instructions.
template <std::ptrdiff_t W, bool High, class T, std::ptrdiff_t... At>
ASHLAR_INLINE inline auto interleave(vec<T, std::ptrdiff_t{sizeof...(At)}> a, vec<T, std::ptrdiff_t{sizeof...(At)}> b,
                                     std::integer_sequence<std::ptrdiff_t, At...>) {
    constexpr std::ptrdiff_t group = 16 / static_cast<std::ptrdiff_t>(sizeof(T)), all = sizeof...(At);
    return __builtin_shufflevector(a, b,
                                   (At / group * group + At % group / W / 2 * W + At % W + (High ? group / 2 : 0) +
                                    (At / W % 2 == 1 ? all : 0))...);
}

// Swaps the off-diagonal blocks of W lanes of rows a and b.
template <std::ptrdiff_t W, bool High, class T, std::ptrdiff_t... At>
ASHLAR_INLINE inline auto exchange(vec<T, std::ptrdiff_t{sizeof...(At)}> a, vec<T, std::ptrdiff_t{sizeof...(At)}> b,
                                   std::integer_sequence<std::ptrdiff_t, At...>) {
    constexpr std::ptrdiff_t all = sizeof...(At);
    return __builtin_shufflevector(
        a, b, (High ? (At / W % 2 == 0 ? At + W : At + all) : (At / W % 2 == 0 ? At : At - W + all))...);
}

template <std::ptrdiff_t W, class T>
ASHLAR_INLINE inline void exchange_rows(vec<T>* x) {
    for (std::ptrdiff_t i = 0; i < lanes<T>; ++i)
        if (i / W % 2 == 0) {
            const vec<T> low = exchange<W, false, T>(x[i], x[i + W], lane_sequence<lanes<T>>{});
            x[i + W] = exchange<W, true, T>(x[i], x[i + W], lane_sequence<lanes<T>>{});
            x[i] = low;
        }
}

// Whether halves of vectors are exchanged as they are loaded, which takes no shuffle.
inline constexpr bool exchanges_halves = vector_bytes > 16;

// Rows that lie `stride` apart, lanes x lanes.
template <class T>
ASHLAR_INLINE inline void load_block(const T* from, std::ptrdiff_t stride, vec<T>* x) {
    constexpr std::ptrdiff_t half = lanes<T> / 2;
    for (std::ptrdiff_t i = 0; i < half; ++i) {
        const T *above = from + i * stride, *below = above + half * stride;
        if constexpr (exchanges_halves) {
            x[i] = join(load_short<half>(above), load_short<half>(below));
            x[i + half] = join(load_short<half>(above + half), load_short<half>(below + half));
        } else {
            x[i] = load(above);
            x[i + half] = load(below);
        }
    }
}

// lanes x lanes, in place, after load_block.
template <class T>
ASHLAR_INLINE inline void transpose(vec<T>* x) {
    constexpr std::ptrdiff_t group = 16 / static_cast<std::ptrdiff_t>(sizeof(T));
    constexpr auto all = lane_sequence<lanes<T>>{};
    for (std::ptrdiff_t i = 0; i < lanes<T>; i += group) {
        const vec<T> low = interleave<1, false, T>(x[i], x[i + 1], all),
                     high = interleave<1, true, T>(x[i], x[i + 1], all);
        if constexpr (group == 2) {
            x[i] = low;
            x[i + 1] = high;
        } else {
            const vec<T> low2 = interleave<1, false, T>(x[i + 2], x[i + 3], all),
                         high2 = interleave<1, true, T>(x[i + 2], x[i + 3], all);
            x[i] = interleave<2, false, T>(low, low2, all);
            x[i + 1] = interleave<2, true, T>(low, low2, all);
            x[i + 2] = interleave<2, false, T>(high, high2, all);
            x[i + 3] = interleave<2, true, T>(high, high2, all);
        }
    }
    if constexpr (lanes<T> > 2 * group) exchange_rows<group, T>(x);
    if constexpr (lanes<T> > 4 * group) exchange_rows<2 * group, T>(x);
}

// Rows of B as they are.
template <class T>
[[gnu::noinline]] ASHLAR_FLATTEN void pack_rows(const T* b, std::ptrdiff_t stride, std::ptrdiff_t columns,
                                                std::ptrdiff_t k, std::ptrdiff_t vectors, T* to) {
    constexpr std::ptrdiff_t width = lanes<T>;
    for (std::ptrdiff_t p = 0; p < k; ++p, b += stride)
        for (std::ptrdiff_t v = 0; v < vectors; ++v, to += width) {
            const std::ptrdiff_t left = columns - v * width;
            store(to, left >= width ? load(b + v * width) : left > 0 ? load_partial(b + v * width, left) : vec<T>{});
        }
}

// ---- a transposed A ----

// Rows dealt evenly to tiles.
struct tile_deal {
    std::ptrdiff_t count, rows, larger;
    explicit tile_deal(std::ptrdiff_t m) : count{tiles_of(m)}, rows{m / count}, larger{m % count} {}
    std::ptrdiff_t first(std::ptrdiff_t tile) const { return tile * rows + (tile < larger ? tile : larger); }
    std::ptrdiff_t height(std::ptrdiff_t tile) const { return rows + (tile < larger ? 1 : 0); }
};

// Tiles begin to end of m rows.
template <class T>
[[gnu::noinline]] ASHLAR_FLATTEN void pack_left(const T* a, std::ptrdiff_t lda, std::ptrdiff_t m, std::ptrdiff_t k,
                                                std::ptrdiff_t begin, std::ptrdiff_t end, T* to) {
    const tile_deal deal{m};
    for (std::ptrdiff_t t = begin; t < end; ++t, to += k * packed_a_step<T>) {
        const std::ptrdiff_t i = deal.first(t);
        // What is copied beyond the tile is not read, if only it is there.
        const std::ptrdiff_t copied = m - i < packed_a_step<T> ? m - i : packed_a_step<T>;
        pack_rows(a + i, lda, copied, k, packed_a_step<T> / lanes<T>, to);
    }
}

// ---- a transposed B ----

// Columns of B that lie as rows (a PyTorch weight): blocks are turned in registers.
template <class T>
[[gnu::noinline]] ASHLAR_FLATTEN void pack_columns(const T* b, std::ptrdiff_t stride, std::ptrdiff_t columns,
                                                   std::ptrdiff_t k, std::ptrdiff_t vectors, T* to) {
    constexpr std::ptrdiff_t width = lanes<T>;
    for (std::ptrdiff_t v = 0; v < vectors; ++v, b += width * stride, to += width, columns -= width)
        for (std::ptrdiff_t p = 0; p < k; p += width) {
            vec<T> block[bound_of(width)];
            const std::ptrdiff_t depth = k - p < width ? k - p : width;
            if (depth == width && columns >= width) {
                load_block(b + p, stride, block);
            } else {
                for (std::ptrdiff_t i = 0; i < width; ++i)
                    block[i] = i < columns ? load_first(b + i * stride + p, depth) : vec<T>{};
                if constexpr (exchanges_halves) exchange_rows<width / 2, T>(block);
            }
            transpose<T>(block);
            for (std::ptrdiff_t i = 0; i < width; ++i)
                if (i < depth) store(to + (p + i) * vectors * width, block[i]);
        }
}

}  // namespace ashlar::kernels::detail
