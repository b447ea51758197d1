// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/kernels/machine.hpp"
#include "ashlar/kernels/window.hpp"

// The register tiles of convolutions: R channels and C vectors of windows.
namespace ashlar::kernels::detail {

using machine::conv_rows, machine::conv_vectors, machine::few_conv_rows;

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

/// A vector from or to one place, or a half each from or to two.
template <bool Halves, class T> ASHLAR_INLINE inline vec<T> load_units(const T* const* from, std::ptrdiff_t at) {
    if constexpr (Halves) {
        constexpr std::ptrdiff_t half = lanes<T> / 2;
        return join(load_short<half>(from[0] + at), load_short<half>(from[1] + at));
    } else {
        return load(from[0] + at);
    }
}
template <bool Halves, class T> ASHLAR_INLINE inline vec<T> windows_at(const T* x, const std::int32_t* at) {
    const T* const from[2] = {x + at[0], x + at[Halves ? 1 : 0]};
    return load_units<Halves>(from, 0);
}
template <bool Halves, class T> ASHLAR_INLINE inline void store_units(T* to, const std::int32_t* at, vec<T> v) {
    if constexpr (Halves) {
        constexpr std::ptrdiff_t half = lanes<T> / 2;
        put(to + at[0], part<0, half>(v));
        put(to + at[1], part<half, half>(v));
    } else {
        store(to + at[0], v);
    }
}
// One half after the other: they may be the same place.
template <bool Halves, class T> ASHLAR_INLINE inline void add_units(T* to, const std::int32_t* at, vec<T> v) {
    if constexpr (Halves) {
        constexpr std::ptrdiff_t half = lanes<T> / 2;
        put(to + at[0], load_short<half>(to + at[0]) + part<0, half>(v));
        put(to + at[1], load_short<half>(to + at[1]) + part<half, half>(v));
    } else {
        store(to + at[0], load(to + at[0]) + v);
    }
}

/// Which lanes of vectors, from one on, hold windows: a row may end before its last unit does, and the last vector
/// after half of it. What is no window counts as zero even where the image, or a weight, is infinite.
template <class T, bool Halves> struct row_ends {
    static constexpr std::ptrdiff_t unit = Halves ? lanes<T> / 2 : lanes<T>;
    using mask_type = bits_of<vec<T>>;
    using word = scalar_of<mask_type>;

    std::ptrdiff_t in_row, left, units;  // windows of a row, and of this one from here on; all units from here on

    ASHLAR_INLINE row_ends(const window_frame& f, std::ptrdiff_t vector)
        : in_row{f.out_x}, left{f.out_x}, units{f.out_y * f.units_in_row() - vector * (Halves ? 2 : 1)} {
        left -= vector * (Halves ? 2 : 1) % f.units_in_row() * unit;
    }
    ASHLAR_INLINE mask_type next() {
        if constexpr (Halves) {
            const short_vec<word, unit> low = next_unit();
            return join(low, next_unit());
        } else {
            return next_unit();
        }
    }

private:
    static constexpr struct table {
        word at[2 * lanes<T>]{};
        constexpr table() {
            for (std::ptrdiff_t i = 0; i < lanes<T>; ++i) at[i] = static_cast<word>(-1);
        }
    } all{};

    ASHLAR_INLINE short_vec<word, unit> next_unit() {
        if (Halves && units-- == 0) return short_vec<word, unit>{};
        const short_vec<word, unit> mask = load_short<unit>(all.at + lanes<T> - (left < unit ? left : unit));
        left = left > unit ? left - unit : in_row;
        return mask;
    }
};

template <class V> ASHLAR_INLINE inline V masked(V v, bits_of<V> mask) {
    return __builtin_bit_cast(V, __builtin_bit_cast(bits_of<V>, v) & mask);
}

/// Sums over all taps for `height` <= R channels and `width` <= C vectors of windows, to `to + channel * pitch +
/// to_at[vector]`. What is not there is the last one again. Full: all of it is there. Halves: each vector is two units.
template <class T, bool Halves, std::ptrdiff_t R, std::ptrdiff_t C, bool Full>
[[gnu::noinline]] ASHLAR_FLATTEN void conv_tile(const T* w, std::ptrdiff_t w_row, std::ptrdiff_t height,
                                                std::ptrdiff_t width, const T* x, const std::int32_t* x_at,
                                                const std::int32_t* tap, std::ptrdiff_t taps, T* to,
                                                std::ptrdiff_t pitch, const std::int32_t* to_at) {
    if constexpr (Full) height = R, width = C;
    constexpr std::ptrdiff_t units = Halves ? 2 : 1;
    [&]<std::ptrdiff_t... Row, std::ptrdiff_t... V, std::ptrdiff_t... U, std::ptrdiff_t... At>(
        std::integer_sequence<std::ptrdiff_t, Row...>, std::integer_sequence<std::ptrdiff_t, V...>,
        std::integer_sequence<std::ptrdiff_t, U...>, std::integer_sequence<std::ptrdiff_t, At...> all) ASHLAR_INLINE {
        const T* rows[bound_of(R)] = {unrelated(w + (Row < height ? Row : height - 1) * w_row)...};
        const T* from[bound_of(C * units)] = {unrelated(x + x_at[U < width * units ? U : width * units - 1])...};
        vec<T> sum[bound_of(R * C)] = {((void)At, vec<T>{})...};
        for (std::ptrdiff_t k = 0; k < taps; ++k) {
            const std::ptrdiff_t at = tap[k];
            const vec<T> b[bound_of(C)] = {load_units<Halves>(from + V * units, at)...};
            conv_step<C>(sum, rows, k, b, all);
        }
        // In the order of the windows: the end of a row's last vector is overwritten by the next row.
        ((At / C < height && At % C < width ? store_units<Halves>(to + At / C * pitch, to_at + At % C * units, sum[At])
                                            : void()),
         ...);
    }(lane_sequence<R>{}, lane_sequence<C>{}, lane_sequence<C * units>{}, lane_sequence<R * C>{});
}

template <class T, bool Halves, std::ptrdiff_t R>
inline constexpr auto conv_tile_of_rows = [](std::ptrdiff_t height, std::ptrdiff_t width) {
    if (height == R && width == conv_vectors) return &conv_tile<T, Halves, R, conv_vectors, true>;
    if (height == R && width == 2) return &conv_tile<T, Halves, R, 2, true>;
    return width == conv_vectors ? &conv_tile<T, Halves, R, conv_vectors, false> : &conv_tile<T, Halves, R, 2, false>;
};
template <class T, bool Halves>
inline constexpr auto conv_tile_of = [](std::ptrdiff_t height, std::ptrdiff_t width) {
    return height == 1               ? &conv_tile<T, Halves, 1, lone_vectors, false>
           : height <= few_conv_rows ? conv_tile_of_rows<T, Halves, few_conv_rows>(height, width)
                                     : conv_tile_of_rows<T, Halves, conv_rows>(height, width);
};

/// Adds to the images of `height` <= R channels, at one tap of `width` <= C vectors of windows, the products of `depth`
/// outputs and weights. The channels lie in planes of their own: what is stored is not read again by the next tile.
template <class T, bool Halves, std::ptrdiff_t R, std::ptrdiff_t C>
[[gnu::noinline]] ASHLAR_FLATTEN void
spread_tile(const T* w, std::ptrdiff_t w_row, std::ptrdiff_t w_step, std::ptrdiff_t height, std::ptrdiff_t width,
            const T* g, std::ptrdiff_t g_plane, std::ptrdiff_t depth, T* to, std::ptrdiff_t plane,
            const std::int32_t* to_at, row_ends<T, Halves> ends) {
    [&]<std::ptrdiff_t... Row, std::ptrdiff_t... V, std::ptrdiff_t... At>(
        std::integer_sequence<std::ptrdiff_t, Row...>, std::integer_sequence<std::ptrdiff_t, V...>,
        std::integer_sequence<std::ptrdiff_t, At...> all) ASHLAR_INLINE {
        const T* rows[bound_of(R)] = {unrelated(w + (Row < height ? Row : height - 1) * w_row)...};
        vec<T> sum[bound_of(R * C)] = {((void)At, vec<T>{})...};
        for (std::ptrdiff_t at = 0; depth > 0; --depth, at += w_step, g += g_plane) {
            const vec<T> b[bound_of(C)] = {kept(load(g + (V < width ? V : width - 1) * lanes<T>))...};
            conv_step<C>(sum, rows, at, b, all);
        }
        const bits_of<vec<T>> mask[bound_of(C)] = {((void)V, ends.next())...};
        ((At / C < height && At % C < width
              ? add_units<Halves>(to + At / C * plane, to_at + At % C * (Halves ? 2 : 1), masked(sum[At], mask[At % C]))
              : void()),
         ...);
    }(lane_sequence<R>{}, lane_sequence<C>{}, lane_sequence<R * C>{});
}

template <class T, bool Halves, std::ptrdiff_t R>
inline constexpr auto spread_tile_of_rows = [](std::ptrdiff_t width) {
    return width == conv_vectors ? &spread_tile<T, Halves, R, conv_vectors> : &spread_tile<T, Halves, R, 2>;
};
template <class T, bool Halves>
inline constexpr auto spread_tile_of = [](std::ptrdiff_t height, std::ptrdiff_t width) {
    return height == 1               ? &spread_tile<T, Halves, 1, lone_vectors>
           : height <= few_conv_rows ? spread_tile_of_rows<T, Halves, few_conv_rows>(width)
                                     : spread_tile_of_rows<T, Halves, conv_rows>(width);
};

template <std::ptrdiff_t C, class T, std::ptrdiff_t... V>
ASHLAR_INLINE inline void weight_row(vec<T>* sum, vec<T> g, const vec<T>* x,
                                     std::integer_sequence<std::ptrdiff_t, V...>) {
    ((sum[V] = fma(g, x[V], sum[V])), ...);
}

/// What a weight tile sums over: images, and in each the vectors of windows, which are contiguous in the output.
template <class T, bool Halves> struct weight_range {
    std::ptrdiff_t images, x_image, g_image, vectors;
    const std::int32_t* x_at;
    row_ends<T, Halves> ends;
};

/// Adds to the weights of `height` <= R channels and `width` <= C taps the products of output and image, over a range.
template <class T, bool Halves, std::ptrdiff_t R, std::ptrdiff_t C>
[[gnu::noinline]] ASHLAR_FLATTEN void weight_tile(const T* g, std::ptrdiff_t g_plane, std::ptrdiff_t height, const T* x,
                                                  const std::int32_t* tap, std::ptrdiff_t width,
                                                  const weight_range<T, Halves>& range, T* to, std::ptrdiff_t to_row) {
    constexpr std::ptrdiff_t units = Halves ? 2 : 1;
    [&]<std::ptrdiff_t... Row, std::ptrdiff_t... V, std::ptrdiff_t... At>(
        std::integer_sequence<std::ptrdiff_t, Row...>, std::integer_sequence<std::ptrdiff_t, V...> all,
        std::integer_sequence<std::ptrdiff_t, At...>) ASHLAR_INLINE {
        const T* rows[bound_of(R)] = {unrelated(g + (Row < height ? Row : height - 1) * g_plane)...};
        const T* from[bound_of(C)] = {unrelated(x + tap[V < width ? V : width - 1])...};
        vec<T> sum[bound_of(R * C)] = {((void)At, vec<T>{})...};
        const std::int32_t* const x_at = range.x_at;
        const std::ptrdiff_t vectors = range.vectors;
        for (std::ptrdiff_t n = 0; n < range.images; ++n) {
            row_ends<T, Halves> ends = range.ends;
            for (std::ptrdiff_t v = 0; v < vectors; ++v) {
                const std::int32_t* const at = x_at + v * units;
                const bits_of<vec<T>> mask = ends.next();
                const vec<T> b[bound_of(C)] = {masked(windows_at<Halves>(from[V], at), mask)...};
                (weight_row<C, T>(sum + Row * C, kept(load(rows[Row] + v * lanes<T>)), b, all), ...);
            }
            ((from[V] += range.x_image), ...);
            ((rows[Row] += range.g_image), ...);
        }
        ((At / C < height && At % C < width ? void(to[At / C * to_row + At % C] += reduce_add(sum[At])) : void()), ...);
    }(lane_sequence<R>{}, lane_sequence<C>{}, lane_sequence<R * C>{});
}

template <class T, bool Halves>
inline constexpr auto weight_tile_of = [](std::ptrdiff_t height) {
    return height == 1               ? &weight_tile<T, Halves, 1, lone_vectors>
           : height <= few_conv_rows ? &weight_tile<T, Halves, few_conv_rows, conv_vectors>
                                     : &weight_tile<T, Halves, conv_rows, conv_vectors>;
};

}  // namespace ashlar::kernels::detail
