// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/kernels/gemv.hpp"

// Products whose rows fill a half or a quarter of a vector (4 x 4 in floats of AVX): so many rows go side by side.
namespace ashlar::kernels::detail {

// Two or four rows in one native vector, or in a half. gemm/8x8x8.
template <class T>
constexpr std::ptrdiff_t side_by_side_lanes(std::ptrdiff_t n, std::ptrdiff_t k) {
    return 4 * n == lanes<T> || 2 * n == lanes<T> ? lanes<T> : tile_lanes<T>(n, k);
}

// Rows of N elements side by side in a vector of Width lanes.
template <class T, std::ptrdiff_t N, std::ptrdiff_t Width>
struct side_by_side {
    using vector = vec<T, Width>;
    static constexpr std::ptrdiff_t rows = Width / N;

    ASHLAR_INLINE static vector load_block(const T* p, std::ptrdiff_t stride) {
        return unbroken(stride == N ? load<T, Width>(p) : load_rows(p, stride));
    }
    template <std::ptrdiff_t Count = rows>
    ASHLAR_INLINE static auto load_rows(const T* p, std::ptrdiff_t stride) {
        if constexpr (Count == 1) return load_short<N>(p);
        else return join(load_rows<Count / 2>(p, stride), load_rows<Count / 2>(p + Count / 2 * stride, stride));
    }
    // One row everywhere: a load, of which g++ makes a load and a shuffle for each doubling.
    ASHLAR_INLINE static vector repeat_row(const T* p) {
#if defined(__AVX__) && !defined(__clang__)
        if constexpr (N * sizeof(T) == 16 && sizeof(vector) == 32)
            return __builtin_bit_cast(vector,
                                      __builtin_ia32_vbroadcastf128_ps256(reinterpret_cast<const vec<float, 4>*>(p)));
    #if defined(__AVX512F__)
        if constexpr (N * sizeof(T) == 16 && sizeof(vector) == 64)
            return __builtin_bit_cast(
                vector, __builtin_ia32_broadcastf32x4_512(__builtin_bit_cast(vec<float, 4>, load_short<N>(p)),
                                                          vec<float, 16>{}, -1));
    #endif
#endif
        return load_rows(p, 0);
    }
    // Row r in the first lanes; what is in the others does not matter.
    template <std::ptrdiff_t R, std::ptrdiff_t... At>
    ASHLAR_INLINE static vector row(vector v, std::integer_sequence<std::ptrdiff_t, At...>) {
        return __builtin_shufflevector(v, v, ((R * N + At) % Width)...);
    }
    // Lane q of every row, all over the row.
    template <std::ptrdiff_t Q, std::ptrdiff_t... At>
    ASHLAR_INLINE static vector spread(vector v, std::integer_sequence<std::ptrdiff_t, At...>) {
        return __builtin_shufflevector(v, v, (At / N * N + Q)...);
    }
};

// An epilogue that may take several rows as one.
template <class Epilogue> concept joins_rows = requires(const Epilogue& out) { out.joins_rows(std::ptrdiff_t{}); };

// G vectors of rows from row i on.
template <class T, std::ptrdiff_t N, std::ptrdiff_t K, std::ptrdiff_t G>
struct narrow_tile {
    static constexpr std::ptrdiff_t width = side_by_side_lanes<T>(N, K);
    using form = side_by_side<T, N, width>;
    using vector = vec<T, width>;
    // groups of sums that k is dealt to: chains enough to hide the latency
    static constexpr std::ptrdiff_t sets = G < machine::narrow_vectors ? 2 : 1;

    template <std::ptrdiff_t... V, std::ptrdiff_t... Q, class Epilogue>
    ASHLAR_INLINE static void run(const T* a, std::ptrdiff_t lda, const T* b, std::ptrdiff_t ldb, std::ptrdiff_t i,
                                  Epilogue& out, std::integer_sequence<std::ptrdiff_t, V...> vectors,
                                  std::integer_sequence<std::ptrdiff_t, Q...>) {
        vector acc[bound_of(G * sets)];
        for (auto& v : acc) v = no_products<vector>();
        constexpr bool in_blocks = goes_in_blocks(K / sets);
        blocks<T, in_blocks ? G : 1> before;
        for (std::ptrdiff_t p = 0; p < K;) {
            for (const std::ptrdiff_t end = in_blocks ? p + next_block(K - p, block_length * sets) : K; p < end;
                 p += N) {
                const vector left[bound_of(G)] = {form::load_block(a + V * form::rows * lda + p, lda)...};
                (step<Q>(acc + Q % sets * G, left, form::repeat_row(b + (p + Q) * ldb), vectors), ...);
            }
            if constexpr (sets == 2) ((acc[V] += acc[V + G]), ...);
            if constexpr (in_blocks)
                if (p < K) {
                    before.add(acc);
                    for (auto& v : acc) v = no_products<vector>();
                }
        }
        if constexpr (in_blocks) before.end(acc);
        (give(acc[V], i + V * form::rows, out, lane_sequence<form::rows>{}), ...);
    }
    template <std::ptrdiff_t Q, std::ptrdiff_t... V>
    ASHLAR_INLINE static void step(vector* acc, const vector* left, vector row,
                                   std::integer_sequence<std::ptrdiff_t, V...>) {
        ((acc[V] = add_product(form::template spread<Q>(left[V], lane_sequence<width>{}), row, acc[V])), ...);
    }
    template <class Epilogue, std::ptrdiff_t... R>
    ASHLAR_INLINE static void give(vector values, std::ptrdiff_t i, Epilogue& out,
                                   std::integer_sequence<std::ptrdiff_t, R...>) {
        if constexpr (joins_rows<Epilogue>)
            if (out.joins_rows(N)) return give_joined(values, out.row(i));
        (out.row(i + R).partial(0, native<T>(form::template row<R>(values, lane_sequence<width>{})), 0, N), ...);
    }
    ASHLAR_INLINE static void give_joined(vector values, auto row) {
        if constexpr (width == lanes<T>) row(0, values, 0);
        else row.partial(0, native<T>(values), 0, width);
    }
};

template <class T, std::ptrdiff_t M, std::ptrdiff_t N, std::ptrdiff_t K, class Epilogue>
ASHLAR_INLINE inline void narrow_product(const T* a, std::ptrdiff_t lda, const T* b, std::ptrdiff_t ldb,
                                         Epilogue& out) {
    constexpr std::ptrdiff_t each = side_by_side_lanes<T>(N, K) / N, vectors = M / each,
                             together = vectors < machine::narrow_vectors ? vectors : machine::narrow_vectors,
                             rows = together * each;
    constexpr std::ptrdiff_t whole = vectors / together * rows, rest = vectors % together;
    constexpr auto steps = lane_sequence<N>{};
    for (std::ptrdiff_t i = 0; i < whole; i += rows)
        narrow_tile<T, N, K, together>::run(a + i * lda, lda, b, ldb, i, out, lane_sequence<together>{}, steps);
    if constexpr (rest > 0)
        narrow_tile<T, N, K, rest>::run(a + whole * lda, lda, b, ldb, whole, out, lane_sequence<rest>{}, steps);
    if constexpr (ends_columns<Epilogue>) out.end_columns(0, N);
}

}  // namespace ashlar::kernels::detail

namespace ashlar::kernels {

/// Static extents, rows that fill a half or a quarter of a vector. Steps along k
/// are taken n at a time: so many elements of a row of A fill its place.
template <> struct multiplying<way::side_by_side> : packs_nothing {
    template <class T> static constexpr bool applies(const factors& f) {
        if (f.transpose_a || f.transpose_b || f.n <= 1) return false;
        const std::ptrdiff_t width = detail::side_by_side_lanes<T>(f.n, f.k), rows = width / f.n;
        return (rows == 2 || rows == 4) && width % f.n == 0 && f.m % rows == 0 && f.k % f.n == 0 &&
               detail::by_static_tiles(f);
    }
    static constexpr bool hands_out_columns(const factors&) { return true; }
    template <class T> static constexpr bool is_one_tile(std::ptrdiff_t m, std::ptrdiff_t n) {
        return m * n <= machine::narrow_vectors * detail::side_by_side_lanes<T>(n, 0);
    }
    template <class T, bool, bool, right_rows, std::ptrdiff_t M, std::ptrdiff_t N, std::ptrdiff_t K, class Epilogue>
    ASHLAR_INLINE static void run(const T* a, std::ptrdiff_t lda, const T* b, std::ptrdiff_t ldb, T*, Epilogue& out) {
        detail::narrow_product<T, M, N, K>(a, lda, b, ldb, out);
    }
};

}  // namespace ashlar::kernels
