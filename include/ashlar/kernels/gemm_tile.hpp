// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/kernels/simd.hpp"

// The register tile: R rows of C vectors of the product. 6 x 2 leaves room for two vectors of B and one of A in 16 registers.
namespace ashlar::kernels::detail {

inline constexpr std::ptrdiff_t tile_rows = 6, tile_vectors = 2;

template <class T, std::ptrdiff_t... I>
[[gnu::always_inline]] inline void clear(vec<T>* acc, std::integer_sequence<std::ptrdiff_t, I...>) {
    ((acc[I] = vec<T>{}), ...);
}

// One step along k: row r of the tile takes a[r][at]. Constant indices only, so that acc lives in registers.
template <std::ptrdiff_t C, class T, std::ptrdiff_t... R>
[[gnu::always_inline]] inline void tile_step(vec<T>* acc, const T* const* a, std::ptrdiff_t at, const vec<T>* b,
                                             std::integer_sequence<std::ptrdiff_t, R...>) {
    const auto row = [=](vec<T>* sums, vec<T> value) __attribute__((always_inline)) {
        sums[0] = value * b[0] + sums[0];
        if constexpr (C > 1) sums[1] = value * b[1] + sums[1];
    };
    (row(acc + R * C, broadcast(a[R][at])), ...);
}

template <class T>
[[gnu::always_inline]] inline T* opaque(T* p) {
    asm("" : "+r"(p));
    return p;
}

// Pointers to R rows. The compiler must not see that they are equally spaced: clang would then walk from one to the next
// with additions that wait for each other, and lose a quarter of the speed.
template <class T, std::ptrdiff_t... R>
[[gnu::always_inline]] inline void row_pointers(const T** rows, const T* a, std::ptrdiff_t stride, std::integer_sequence<std::ptrdiff_t, R...>) {
    ((rows[R] = opaque(a + R * stride)), ...);
}

// Sums over k of a(r, k) b(k, c), left in c. A by strides, B in rows of at least C full vectors.
template <class T, std::ptrdiff_t R, std::ptrdiff_t C>
[[gnu::noinline]] void tile(const T* a, std::ptrdiff_t a_row, std::ptrdiff_t a_step, const T* b, std::ptrdiff_t b_step, std::ptrdiff_t k,
                            vec<T>* c) {
    vec<T> acc[R * C];
    const T* rows[R];
    clear<T>(acc, lane_sequence<R * C>{});
    row_pointers(rows, a, a_row, lane_sequence<R>{});
    for (std::ptrdiff_t at = 0; k > 0; --k, at += a_step, b += b_step) {
        vec<T> row[C];
        row[0] = load(b);
        if constexpr (C > 1) row[1] = load(b + lanes<T>);
        tile_step<C>(acc, rows, at, row, lane_sequence<R>{});
    }
    [&]<std::ptrdiff_t... I>(std::integer_sequence<std::ptrdiff_t, I...>) { ((c[I] = acc[I]), ...); }(lane_sequence<R * C>{});
}

template <class T>
using tile_function = void (*)(const T*, std::ptrdiff_t, std::ptrdiff_t, const T*, std::ptrdiff_t, std::ptrdiff_t, vec<T>*);

// [vectors - 1][rows - 1]
template <class T>
inline constexpr tile_function<T> tiles[tile_vectors][tile_rows] = {
    {tile<T, 1, 1>, tile<T, 2, 1>, tile<T, 3, 1>, tile<T, 4, 1>, tile<T, 5, 1>, tile<T, 6, 1>},
    {tile<T, 1, 2>, tile<T, 2, 2>, tile<T, 3, 2>, tile<T, 4, 2>, tile<T, 5, 2>, tile<T, 6, 2>}};

}  // namespace ashlar::kernels::detail
