// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/kernels/simd.hpp"

// The register tiles of convolutions: R channels and C vectors of windows. 4 x 3 leaves room for three vectors of the
// image and one weight in 16 registers.
namespace ashlar::kernels::detail {

inline constexpr std::ptrdiff_t conv_rows = 4, conv_vectors = 3;

/// A channel by itself takes more vectors, for sums enough to hide the latency.
inline constexpr std::ptrdiff_t lone_vectors = 6;
constexpr std::ptrdiff_t most_vectors_of(std::ptrdiff_t height) { return height == 1 ? lone_vectors : conv_vectors; }

// The compiler must not see how pointers are related: it would compute one from the other again and again.
template <class T> ASHLAR_INLINE inline T* unrelated(T* p) {
    asm("" : "+r"(p));
    return p;
}

template <std::ptrdiff_t C, class T, std::ptrdiff_t... At>
ASHLAR_INLINE inline void conv_step(vec<T>* sum, const T* const* w, std::ptrdiff_t k, const vec<T>* x,
                                             std::integer_sequence<std::ptrdiff_t, At...>) {
    ((sum[At] = fma(broadcast(w[At / C][k]), x[At % C], sum[At])), ...);
}

/// Sums over all taps for `height` <= R channels and `width` <= C vectors of windows, to `to + channel * pitch +
/// to_at[vector]`. What is not there is the last one again. Full: all of it is there.
template <class T, std::ptrdiff_t R, std::ptrdiff_t C, bool Full>
[[gnu::noinline]] ASHLAR_FLATTEN void
conv_tile(const T* w, std::ptrdiff_t w_row, std::ptrdiff_t height, std::ptrdiff_t width, const T* x,
          const std::int32_t* x_at, const std::int32_t* tap, std::ptrdiff_t taps, T* to, std::ptrdiff_t pitch,
          const std::int32_t* to_at) {
    if constexpr (Full) height = R, width = C;
    [&]<std::ptrdiff_t... Row, std::ptrdiff_t... V, std::ptrdiff_t... At>(
        std::integer_sequence<std::ptrdiff_t, Row...>, std::integer_sequence<std::ptrdiff_t, V...>,
        std::integer_sequence<std::ptrdiff_t, At...> all) ASHLAR_INLINE {
        const T* rows[bound_of(R)] = {unrelated(w + (Row < height ? Row : height - 1) * w_row)...};
        const T* from[bound_of(C)] = {unrelated(x + x_at[V < width ? V : width - 1])...};
        vec<T> sum[bound_of(R * C)] = {((void)At, vec<T>{})...};
        for (std::ptrdiff_t k = 0; k < taps; ++k) {
            const std::ptrdiff_t at = tap[k];
            const vec<T> b[bound_of(C)] = {load(from[V] + at)...};
            conv_step<C>(sum, rows, k, b, all);
        }
        // In the order of the windows: the end of a row's last vector is overwritten by the next row.
        ((At / C < height && At % C < width ? store(to + At / C * pitch + to_at[At % C], sum[At]) : void()), ...);
    }
    (lane_sequence<R>{}, lane_sequence<C>{}, lane_sequence<R * C>{});
}

template <class T>
inline constexpr auto conv_tile_of = [](std::ptrdiff_t height, std::ptrdiff_t width) {
    if (height == conv_rows && width == conv_vectors) return &conv_tile<T, conv_rows, conv_vectors, true>;
    if (height == conv_rows && width == 2) return &conv_tile<T, conv_rows, 2, true>;
    return height == 1             ? &conv_tile<T, 1, lone_vectors, false>
           : width == conv_vectors ? &conv_tile<T, conv_rows, conv_vectors, false>
                                   : &conv_tile<T, conv_rows, 2, false>;
};

/// Adds to the images of `height` <= R channels, at one tap of `width` <= C vectors of windows, the products of `depth`
/// outputs and weights. The channels lie in planes of their own: what is stored is not read again by the next tile.
template <class T, std::ptrdiff_t R, std::ptrdiff_t C>
[[gnu::noinline]] ASHLAR_FLATTEN void
spread_tile(const T* w, std::ptrdiff_t w_row, std::ptrdiff_t w_step, std::ptrdiff_t height, std::ptrdiff_t width,
            const T* g, std::ptrdiff_t g_plane, std::ptrdiff_t depth, T* to, std::ptrdiff_t plane,
            const std::int32_t* to_at) {
    [&]<std::ptrdiff_t... Row, std::ptrdiff_t... V, std::ptrdiff_t... At>(
        std::integer_sequence<std::ptrdiff_t, Row...>, std::integer_sequence<std::ptrdiff_t, V...>,
        std::integer_sequence<std::ptrdiff_t, At...> all) ASHLAR_INLINE {
        const T* rows[bound_of(R)] = {unrelated(w + (Row < height ? Row : height - 1) * w_row)...};
        vec<T> sum[bound_of(R * C)] = {((void)At, vec<T>{})...};
        for (std::ptrdiff_t at = 0; depth > 0; --depth, at += w_step, g += g_plane) {
            const vec<T> b[bound_of(C)] = {kept(load(g + (V < width ? V : width - 1) * lanes<T>))...};
            conv_step<C>(sum, rows, at, b, all);
        }
        ((At / C < height && At % C < width
              ? store(to + At / C * plane + to_at[At % C], load(to + At / C * plane + to_at[At % C]) + sum[At])
              : void()),
         ...);
    }
    (lane_sequence<R>{}, lane_sequence<C>{}, lane_sequence<R * C>{});
}

template <class T>
inline constexpr auto spread_tile_of = [](std::ptrdiff_t height, std::ptrdiff_t width) {
    return height == 1             ? &spread_tile<T, 1, lone_vectors>
           : width == conv_vectors ? &spread_tile<T, conv_rows, conv_vectors>
                                   : &spread_tile<T, conv_rows, 2>;
};

template <std::ptrdiff_t C, class T, std::ptrdiff_t... V>
ASHLAR_INLINE inline void weight_row(vec<T>* sum, vec<T> g, const vec<T>* x,
                                              std::integer_sequence<std::ptrdiff_t, V...>) {
    ((sum[V] = fma(g, x[V], sum[V])), ...);
}

/// What a weight tile sums over: images, and in each the vectors of windows, which are contiguous in the output.
struct weight_range {
    std::ptrdiff_t images, x_image, g_image, vectors;
    const std::int32_t* x_at;
};

/// Adds to the weights of `height` <= R channels and `width` <= C taps the products of output and image, over a range.
template <class T, std::ptrdiff_t R, std::ptrdiff_t C>
[[gnu::noinline]] ASHLAR_FLATTEN void weight_tile(const T* g, std::ptrdiff_t g_plane, std::ptrdiff_t height, const T* x,
                                   const std::int32_t* tap, std::ptrdiff_t width, const weight_range& range, T* to,
                                   std::ptrdiff_t to_row) {
    [&]<std::ptrdiff_t... Row, std::ptrdiff_t... V, std::ptrdiff_t... At>(
        std::integer_sequence<std::ptrdiff_t, Row...>, std::integer_sequence<std::ptrdiff_t, V...> all,
        std::integer_sequence<std::ptrdiff_t, At...>) ASHLAR_INLINE {
        const T* rows[bound_of(R)] = {unrelated(g + (Row < height ? Row : height - 1) * g_plane)...};
        const T* from[bound_of(C)] = {unrelated(x + tap[V < width ? V : width - 1])...};
        vec<T> sum[bound_of(R * C)] = {((void)At, vec<T>{})...};
        const std::int32_t* const x_at = range.x_at;
        const std::ptrdiff_t vectors = range.vectors;
        for (std::ptrdiff_t n = 0; n < range.images; ++n) {
            for (std::ptrdiff_t v = 0; v < vectors; ++v) {
                const std::ptrdiff_t at = x_at[v];
                const vec<T> b[bound_of(C)] = {load(from[V] + at)...};
                (weight_row<C, T>(sum + Row * C, kept(load(rows[Row] + v * lanes<T>)), b, all), ...);
            }
            ((from[V] += range.x_image), ...);
            ((rows[Row] += range.g_image), ...);
        }
        ((At / C < height && At % C < width ? void(to[At / C * to_row + At % C] += reduce_add(sum[At])) : void()), ...);
    }
    (lane_sequence<R>{}, lane_sequence<C>{}, lane_sequence<R * C>{});
}

template <class T>
inline constexpr auto weight_tile_of = [](std::ptrdiff_t height) {
    return height == 1 ? &weight_tile<T, 1, lone_vectors> : &weight_tile<T, conv_rows, conv_vectors>;
};

}  // namespace ashlar::kernels::detail
