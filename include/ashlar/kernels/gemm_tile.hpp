// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/kernels/blocks.hpp"
#include "ashlar/kernels/product.hpp"
#include "ashlar/kernels/simd.hpp"

// The register tile: R rows of C vectors of the product.
namespace ashlar::kernels::detail {

template <class T>
ASHLAR_INLINE inline T opaque(T p) {
    asm("" : "+r"(p));
    return p;
}

// Strides in bytes: for a stride in elements g++ writes the loop twice, once for a stride of one.
template <class T>
ASHLAR_INLINE inline const T* advance(const T* p, std::ptrdiff_t bytes) {
    return reinterpret_cast<const T*>(reinterpret_cast<const char*>(p) + bytes);
}

// One step along k: the tile's row r takes the element at a[r] + bytes. Constant indices only, so that acc lives in
// registers.
template <std::ptrdiff_t C, class T, std::ptrdiff_t... At>
ASHLAR_INLINE inline void tile_step(vec<T>* acc, const T* const* a, std::ptrdiff_t bytes, const vec<T>* b,
                                    std::integer_sequence<std::ptrdiff_t, At...>) {
    ((acc[At] = add_product(broadcast(*advance(a[At / C], bytes)), b[At % C], acc[At])), ...);
}

// Sums over k of a(r, k) b(k, c) for r < height <= R, left in c. A by strides, of which Step may be known; B in rows of
// C full vectors, which it copies as they come, if asked to.
template <class T, std::ptrdiff_t R, std::ptrdiff_t C, std::ptrdiff_t Step = 0, bool Copies = false>
[[gnu::noinline]] ASHLAR_FLATTEN void tile(const T* a, std::ptrdiff_t height, std::ptrdiff_t a_row,
                                           std::ptrdiff_t a_step, const T* b, std::ptrdiff_t b_step, std::ptrdiff_t k,
                                           vec<T>* c, [[maybe_unused]] T* copy) {
    [&]<std::ptrdiff_t... Row, std::ptrdiff_t... V, std::ptrdiff_t... At>(
        std::integer_sequence<std::ptrdiff_t, Row...>, std::integer_sequence<std::ptrdiff_t, V...>,
        std::integer_sequence<std::ptrdiff_t, At...> all) ASHLAR_INLINE {
        // The compiler must not see that the rows are equally spaced: clang would walk from one to the next with
        // additions that wait for each other, and lose a quarter of the speed.
        // Rows that are not there repeat the last.
        const T* rows[bound_of(R)] = {opaque(a + (Row < height ? Row : height - 1) * a_row)...};
        vec<T> acc[bound_of(R * C)] = {((void)At, no_products<vec<T>>())...};
        constexpr auto size = static_cast<std::ptrdiff_t>(sizeof(T));
        std::ptrdiff_t at = 0;
        const auto step = [&]() ASHLAR_INLINE {
            const vec<T> row[bound_of(C)] = {load(b + V * lanes<T>)...};
            if constexpr (Copies) {
                (store(copy + V * lanes<T>, row[V]), ...);
                copy += C * lanes<T>;
            }
            tile_step<C>(acc, rows, at, row, all);
            at += (Step > 0 ? Step : a_step) * size;
            if constexpr (Step == 0) at = opaque(at);  // or clang keeps a pointer for each row and step
            b = advance(b, b_step * size);
        };
        constexpr std::ptrdiff_t depth = unrolls ? 4 : 1;  // few turns: the end of a long loop is guessed wrong
        blocks<T, R * C> before;
        for (std::ptrdiff_t left = k;;) {
            const std::ptrdiff_t now = next_block(left);
            for (std::ptrdiff_t turn = now / depth; turn > 0; --turn) {
                step();
                if constexpr (depth == 4) step(), step(), step();
            }
            for (std::ptrdiff_t turn = now % depth; turn > 0; --turn) step();
            ((c[At] = acc[At]), ...);
            left -= now;
            if (left == 0) break;
            before.add(c);
            ((acc[At] = no_products<vec<T>>()), ...);
        }
        before.end(c);
    }(lane_sequence<R>{}, lane_sequence<C>{}, lane_sequence<R * C>{});
}

template <class T>
using tile_function = void (*)(const T*, std::ptrdiff_t, std::ptrdiff_t, std::ptrdiff_t, const T*, std::ptrdiff_t,
                               std::ptrdiff_t, vec<T>*, T*);

// [vectors - 1][rows - 1]; some heights make do with a higher tile, as every kernel costs 10 to 20 ms of compile time.
template <class T>
inline constexpr tile_function<T> tiles[tile_vectors][tile_rows] = {
    {tile<T, 2, 1>, tile<T, 2, 1>, tile<T, 4, 1>, tile<T, 4, 1>, tile<T, 6, 1>, tile<T, 6, 1>},
    {tile<T, 2, 2>, tile<T, 2, 2>, tile<T, 4, 2>, tile<T, 4, 2>, tile<T, 5, 2>, tile<T, 6, 2>}};

}  // namespace ashlar::kernels::detail
