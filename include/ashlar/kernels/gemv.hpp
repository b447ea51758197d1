// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/kernels/gemm_pack.hpp"
#include "ashlar/kernels/gemm_tile.hpp"

// One row times a matrix, and rows of dot products.
namespace ashlar::kernels::detail {

// An epilogue that wants to know when all rows of a panel have come.
template <class Epilogue>
concept ends_columns = requires(Epilogue& out) { out.end_columns(std::ptrdiff_t{}, std::ptrdiff_t{}); };

template <class T>
inline constexpr std::ptrdiff_t dot_rows = lanes<T> < machine::dot_chains ? machine::dot_chains : lanes<T>;

// Lane i of the result is the sum over x[i], i < Rows; overwrites x. Neighbours are merged, so that every addition does
// full work; one without a neighbour is merged with itself.
template <class T, std::ptrdiff_t Rows, class V>
ASHLAR_INLINE inline V sum_each(V* x) {
    constexpr auto group = static_cast<std::ptrdiff_t>(16 / sizeof(T));
    constexpr auto width = static_cast<std::ptrdiff_t>(sizeof(V) / sizeof(T));
    constexpr auto all = lane_sequence<width>{};
    const auto merge_two = [&]<std::ptrdiff_t Step>(std::integral_constant<std::ptrdiff_t, Step>, V a,
                                                    V b) ASHLAR_INLINE {
        if constexpr (Step < group) return interleave<Step, false, T>(a, b, all) + interleave<Step, true, T>(a, b, all);
        else return exchange<Step, false, T>(a, b, all) + exchange<Step, true, T>(a, b, all);
    };
    const auto merge = [&]<std::ptrdiff_t Step, std::ptrdiff_t... At>(std::integral_constant<std::ptrdiff_t, Step> step,
                                                                      std::integer_sequence<std::ptrdiff_t, At...>)
                           ASHLAR_INLINE {
                               constexpr std::ptrdiff_t left = (Rows + Step - 1) / Step;
                               ((x[At] = merge_two(step, x[2 * At], x[2 * At + 1 < left ? 2 * At + 1 : 2 * At])), ...);
                           };
    [&]<std::ptrdiff_t... S>(std::integer_sequence<std::ptrdiff_t, S...>) ASHLAR_INLINE {
        (merge(std::integral_constant<std::ptrdiff_t, 1 << S>{}, lane_sequence<(Rows + (2 << S) - 1) / (2 << S)>{}),
         ...);
    }(lane_sequence<__builtin_ctz(static_cast<unsigned>(width))>{});
    return x[0];
}

// x . w(r) for every row that there is a pointer to; the last vector along k is partial if need be. Long: sums may
// be so long that they go in blocks, of native vectors.
template <class T, bool Long, class V, std::ptrdiff_t... R>
ASHLAR_INLINE inline void dot_each(const T* x, const T* const* row, std::ptrdiff_t k, V* result,
                                   std::integer_sequence<std::ptrdiff_t, R...>) {
    constexpr auto width = static_cast<std::ptrdiff_t>(sizeof(V) / sizeof(T));
    constexpr auto rows = static_cast<std::ptrdiff_t>(sizeof...(R));
    V acc[dot_rows<T>];
    for (auto& v : acc) v = no_products<V>();
    const std::ptrdiff_t whole = k - k % width;
    blocks<T, Long ? rows : 1> before;
    for (std::ptrdiff_t p = 0; p < whole;) {
        for (const std::ptrdiff_t end = Long ? p + next_block(whole - p, block_length * width) : whole; p < end;
             p += width) {
            const V value = load<T, width>(x + p);
            ((acc[R] = add_product(load<T, width>(row[R] + p), value, acc[R])), ...);
        }
        if constexpr (Long)
            if (p < whole) {
                const V sums[] = {acc[R]...};
                before.add(sums);
                ((acc[R] = no_products<V>()), ...);
            }
    }
    if (whole < k) {
        const V value = load_partial<T, width>(x + whole, k - whole);
        ((acc[R] = add_product(load_partial<T, width>(row[R] + whole, k - whole), value, acc[R])), ...);
    }
    if constexpr (Long)
        if (before.number > 0) {
            V sums[] = {acc[R]...};
            before.end(sums);
            ((acc[R] = sums[R]), ...);
        }
    [&]<std::ptrdiff_t... G>(std::integer_sequence<std::ptrdiff_t, G...>) ASHLAR_INLINE {
        ((result[G] = sum_each<T, (rows - G * width < width ? rows - G * width : width)>(acc + G * width)), ...);
    }(lane_sequence<(rows + width - 1) / width>{});
}

// Rows from `rows` on repeat the last.
template <class T>
[[gnu::noinline]] ASHLAR_FLATTEN void dots(const T* x, const T* w, std::ptrdiff_t stride, std::ptrdiff_t rows,
                                           std::ptrdiff_t k, vec<T>* result) {
    [&]<std::ptrdiff_t... R>(std::integer_sequence<std::ptrdiff_t, R...> all) ASHLAR_INLINE {
        const T* row[] = {opaque(w + (R < rows ? R : rows - 1) * stride)...};
        dot_each<T, true>(x, row, k, result, all);
    }(lane_sequence<dot_rows<T>>{});
}

// Of no more terms than `dots_in_place` allows: never in blocks.
template <class T, class V, std::ptrdiff_t... R>
ASHLAR_INLINE inline void static_dots(const T* x, const T* w, std::ptrdiff_t stride, std::ptrdiff_t k, V* result,
                                      std::integer_sequence<std::ptrdiff_t, R...> all) {
    static_assert(!goes_in_blocks(machine::most_dot_terms));
    const T* row[] = {(w + R * stride)...};
    dot_each<T, false>(x, row, k, result, all);
}

// C vectors of x B, every two of them `apart` from the two before; the last has `last` lanes. k is dealt to sets of
// sums where C alone would wait for its additions.
template <class T, std::ptrdiff_t C>
[[gnu::noinline]] ASHLAR_FLATTEN void strip(const T* x, std::ptrdiff_t x_step, const T* b, std::ptrdiff_t b_step,
                                            std::ptrdiff_t apart, std::ptrdiff_t last, std::ptrdiff_t k,
                                            vec<T>* result) {
    constexpr std::ptrdiff_t width = lanes<T>, sets = C >= machine::full_sums ? 1 : 4;
    const auto read = [=](const T* p, std::ptrdiff_t v) ASHLAR_INLINE {
        p += v / tile_vectors * apart + v % tile_vectors * width;
        return v < C - 1 ? load(p) : load_first(p, last);
    };
    [&]<std::ptrdiff_t... V, std::ptrdiff_t... At>(std::integer_sequence<std::ptrdiff_t, V...>,
                                                   std::integer_sequence<std::ptrdiff_t, At...>) ASHLAR_INLINE {
        vec<T> acc[bound_of(C * sets)] = {((void)At, no_products<vec<T>>())...};
        blocks<T, C> before;
        for (std::ptrdiff_t left = k;;) {
            std::ptrdiff_t now = next_block(left, sets * block_length);
            left -= now;
            for (; now >= sets; now -= sets, x += sets * x_step, b += sets * b_step)
                ((acc[At] = add_product(broadcast(x[At / C * x_step]), read(b + At / C * b_step, At % C), acc[At])),
                 ...);
            if constexpr (sets > 1) {
                for (; now > 0; --now, x += x_step, b += b_step)
                    ((acc[V] = add_product(broadcast(x[0]), read(b, V), acc[V])), ...);
                ((acc[V] = (acc[V] + acc[V + C]) + (acc[V + 2 * C] + acc[V + 3 * C])), ...);
            }
            ((result[V] = acc[V]), ...);
            if (left == 0) break;
            before.add(result);
            ((acc[At] = no_products<vec<T>>()), ...);
        }
        before.end(result);
    }(lane_sequence<C>{}, lane_sequence<C * sets>{});
}

// One row times a matrix that is larger than the first cache, which is read as it lies: some rows of it at a time,
// strip by strip, with the sums in memory.
template <class T, std::ptrdiff_t Depth, std::ptrdiff_t... V>
ASHLAR_INLINE inline void add_rows(const T* x, std::ptrdiff_t x_step, const T* b, std::ptrdiff_t ldb, vec<T>* sums,
                                   std::integer_sequence<std::ptrdiff_t, V...>) {
    vec<T> acc[] = {sums[V]...};
    const auto add = [&](std::ptrdiff_t p) ASHLAR_INLINE {
        const vec<T> value = broadcast(x[p * x_step]);
        ((acc[V] = add_product(load(b + p * ldb + V * lanes<T>), value, acc[V])), ...);
    };
    [&]<std::ptrdiff_t... P>(std::integer_sequence<std::ptrdiff_t, P...>)
        ASHLAR_INLINE { (add(P), ...); }(lane_sequence<Depth>{});
    ((sums[V] = acc[V]), ...);
}

template <class T, std::ptrdiff_t Vectors, std::ptrdiff_t Depth>
ASHLAR_INLINE inline void add_strips(const T* x, std::ptrdiff_t x_step, const T* b, std::ptrdiff_t ldb, vec<T>* sums) {
    constexpr std::ptrdiff_t most = machine::strip_vectors, whole = Vectors / most * most;
    for (std::ptrdiff_t v = 0; v < whole; v += most)
        add_rows<T, Depth>(x, x_step, b + v * lanes<T>, ldb, sums + v, lane_sequence<most>{});
    if constexpr (whole < Vectors)
        add_rows<T, Depth>(x, x_step, b + whole * lanes<T>, ldb, sums + whole, lane_sequence<Vectors - whole>{});
}

template <class T, std::ptrdiff_t N, std::ptrdiff_t K, class Epilogue>
ASHLAR_INLINE inline void row_by_matrix(const T* x, std::ptrdiff_t x_step, const T* b, std::ptrdiff_t ldb,
                                        Epilogue& out) {
    constexpr std::ptrdiff_t width = lanes<T>, vectors = (N + width - 1) / width,
                             depth = unrolls ? machine::rows_together : 1, whole = K / depth * depth;
    vec<T> sums[bound_of(vectors)];
    for (auto& v : sums) v = no_products<vec<T>>();
    constexpr bool in_blocks = goes_in_blocks(K / 4);  // or g++ is slower by some percent
    blocks<T, in_blocks ? vectors : 1> before;
    for (std::ptrdiff_t p = 0; p < whole; p += depth) {
        if constexpr (in_blocks)
            if (p % block_length == 0 && p > 0) {
                before.add(sums);
                for (auto& v : sums) v = no_products<vec<T>>();
            }
        add_strips<T, vectors, depth>(x + p * x_step, x_step, b + p * ldb, ldb, sums);
    }
    if constexpr (whole < K) add_strips<T, vectors, K - whole>(x + whole * x_step, x_step, b + whole * ldb, ldb, sums);
    if constexpr (in_blocks) before.end(sums);
    auto row = out.row(0);
    for (std::ptrdiff_t v = 0; v < N / width; ++v) row(v * width, sums[v], v);
    if constexpr (N % width > 0) row.partial(N / width * width, sums[vectors - 1], vectors - 1, N % width);
}

}  // namespace ashlar::kernels::detail

namespace ashlar::kernels {

/// One row, static extents, a large matrix read as it lies.
template <> struct multiplying<way::row_by_row> : packs_nothing {
    template <class T> static constexpr bool applies(const factors& f) {
        constexpr auto size = static_cast<std::ptrdiff_t>(sizeof(T));
        return f.m == 1 && !f.transpose_b && !lie_packed(f.rows) && f.n > machine::strip_vectors * lanes<T> &&
               f.n * size <= machine::longest_row && (f.rows == right_rows::wide || f.n % lanes<T> == 0) &&
               f.k * f.n * size > machine::first_cache && detail::by_static_tiles(f);
    }
    template <class T, bool TransposeA, bool, right_rows, std::ptrdiff_t, std::ptrdiff_t N, std::ptrdiff_t K,
              class Epilogue>
    ASHLAR_INLINE static void run(const T* a, std::ptrdiff_t lda, const T* b, std::ptrdiff_t ldb, T*, Epilogue& out) {
        detail::row_by_matrix<T, N, K>(a, TransposeA ? lda : 1, b, ldb, out);
    }
};

}  // namespace ashlar::kernels
