// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/kernels/gemv.hpp"

// Products of static extents: tiles of exactly the heights and widths there are, the epilogue in their midst.
namespace ashlar::kernels::detail {

// Where a panel of B lies: its rows are `step` apart; of a transposed B the columns are `stride` apart. Padded: its
// rows are full vectors, whatever the number of valid columns. Apart: where B lies in panels,
// elements from one to the next.
template <class T, bool Transposed, bool Padded, std::ptrdiff_t Apart = 0>
struct panel_source {
    const T* at;
    std::ptrdiff_t step, stride;
    static constexpr bool in_panels = Apart > 0;

    ASHLAR_INLINE panel_source panel(std::ptrdiff_t rows) const { return {at + rows * step, step, stride}; }
    // The first `Count` elements of vector v.
    template <class V, std::ptrdiff_t Count>
    ASHLAR_INLINE V read(const T* p, std::ptrdiff_t v) const {
        constexpr auto width = static_cast<std::ptrdiff_t>(sizeof(V) / sizeof(T));
        if constexpr (Transposed) {
            const T* from = p + v * width * stride;
            return Count < width ? gather_partial<T, width>(from, stride, Count) : gather<T, width>(from, stride);
        } else {
            const T* from = in_panels ? p + v / tile_vectors * Apart + v % tile_vectors * width : p + v * width;
            return Count < width && !Padded ? load_partial<T, width>(from, Count) : load<T, width>(from);
        }
    }
};

// A tile's constants: R rows of C vectors of Width lanes, the last of which has Last valid ones.
// Sets: groups of sums that k is dealt to.
template <class T, std::ptrdiff_t R, std::ptrdiff_t C, std::ptrdiff_t Last, std::ptrdiff_t K,
          std::ptrdiff_t Width = lanes<T>>
struct static_tile {
    using vector = vec<T, Width>;
    static constexpr std::ptrdiff_t sums = R * C, width = Width;
    static constexpr std::ptrdiff_t sets = K < machine::least_dealt_terms || sums >= machine::full_sums ? 1
                                           : sums >= machine::full_sums / 2                             ? 2
                                                                                                        : 4;

    // One row by a matrix that is larger than the first cache reads every element once, a strip of each row at a time.
    template <class Source>
    static constexpr bool prefetches = R == 1 && C * width * K >= machine::fetched_ahead && !Source::in_panels;
    // Steps along k a turn.
    template <class Source>
    static constexpr std::ptrdiff_t depth_of =
        unrolls && K > machine::least_dealt_terms&& K <= machine::most_written_terms&& sums >= machine::full_sums &&
                !prefetches<Source>
            ? 4
            : sets;
    ASHLAR_INLINE static void prefetch_row(const T* p) {
        for (std::ptrdiff_t at = 0; at < C * width; at += 64 / static_cast<std::ptrdiff_t>(sizeof(T)))
            __builtin_prefetch(p + at);
    }

    ASHLAR_INLINE static vector in_register(vector v) {
        if constexpr (R > 1 && C == widest_panel) return kept(v);
        else return v;
    }
    template <class Source, std::ptrdiff_t... V, std::ptrdiff_t... At>
    ASHLAR_INLINE static void step(vector* acc, const T* const* rows, std::ptrdiff_t a, Source source, const T* b,
                                   std::integer_sequence<std::ptrdiff_t, V...>,
                                   std::integer_sequence<std::ptrdiff_t, At...>) {
        const vector row[bound_of(C)] = {
            in_register(source.template read<vector, (V == C - 1 ? Last : width)>(b, V))...};
        ((acc[At] = add_product(splat<vector>(rows[At / C][a]), row[At % C], acc[At])), ...);
    }

    // (No lambda: what it captures is seen through only after another round of optimisation, too late for a small
    // product to be inlined where it is called.)
    template <class Source, std::ptrdiff_t... S>
    ASHLAR_INLINE static void steps(vector* acc, const T* const* rows, std::ptrdiff_t a, std::ptrdiff_t a_step,
                                    Source source, const T* b, auto vectors, auto all,
                                    std::integer_sequence<std::ptrdiff_t, S...>) {
        (step(acc + S % sets * sums, rows, a + S * a_step, source, b + S * source.step, vectors, all), ...);
    }

    // Sum `At`, put together from all sets.
    template <std::ptrdiff_t At>
    ASHLAR_INLINE static vector joined(const vector* acc) {
        if constexpr (sets == 4) return (acc[At] + acc[At + 2 * sums]) + (acc[At + sums] + acc[At + 3 * sums]);
        else if constexpr (sets == 2) return acc[At] + acc[At + sums];
        else return acc[At];
    }

    template <class Source, class Epilogue, std::ptrdiff_t... At, std::ptrdiff_t... Row>
    ASHLAR_INLINE static void run(const T* a, std::ptrdiff_t a_row, std::ptrdiff_t a_step, Source source,
                                  std::ptrdiff_t i, std::ptrdiff_t j, Epilogue& out,
                                  std::integer_sequence<std::ptrdiff_t, At...> all,
                                  std::integer_sequence<std::ptrdiff_t, Row...>) {
        constexpr auto vectors = lane_sequence<C>{};
        vector acc[bound_of(sums * sets)];
        for (auto& v : acc) v = no_products<vector>();
        const T* rows[bound_of(R)] = {a + Row * a_row...};
        const T* b = source.at;
        std::ptrdiff_t p = 0;
        constexpr std::ptrdiff_t depth = depth_of<Source>;
        if constexpr (goes_in_blocks(K / sets)) {
            constexpr std::ptrdiff_t turns = block_length * sets / depth;
            blocks<T, sums> before;
            for (std::ptrdiff_t left = K / depth; left > 0;) {
                std::ptrdiff_t now = next_block(left, turns);
                left -= now;
                for (; now > 0; --now, p += depth * a_step, b += depth * source.step) {
                    if constexpr (prefetches<Source>) prefetch_row(b + 8 * sets * source.step);
                    steps(acc, rows, p, a_step, source, b, vectors, all, lane_sequence<depth>{});
                }
                if (left == 0) break;
                const vector block[bound_of(sums)] = {joined<At>(acc)...};
                before.add(block);
                for (auto& v : acc) v = no_products<vector>();
            }
            for (std::ptrdiff_t turn = 0; turn < K % depth; ++turn, p += a_step, b += source.step)
                step(acc, rows, p, source, b, vectors, all);
            vector block[bound_of(sums)] = {joined<At>(acc)...};
            before.end(block);
            ((acc[At] = block[At]), ...);
        } else {
            for (std::ptrdiff_t turn = 0; turn < K / depth; ++turn, p += depth * a_step, b += depth * source.step) {
                if constexpr (prefetches<Source>) prefetch_row(b + 8 * sets * source.step);
                steps(acc, rows, p, a_step, source, b, vectors, all, lane_sequence<depth>{});
            }
            for (std::ptrdiff_t turn = 0; turn < K % depth; ++turn, p += a_step, b += source.step)
                step(acc, rows, p, source, b, vectors, all);
            if constexpr (sets == 4) ((acc[At] += acc[At + 2 * sums], acc[At + sums] += acc[At + 3 * sums]), ...);
            if constexpr (sets >= 2) ((acc[At] += acc[At + sums]), ...);
        }
        if constexpr (Epilogue::length > 0) {  // once in the code, not once a row
            const vector result[bound_of(sums)] = {acc[At]...};
            for (std::ptrdiff_t r = 0; r < R; ++r) give_row(result + r * C, i + r, j, out, vectors);
        } else {
            (give_row(acc + Row * C, i + Row, j, out, vectors), ...);
        }
    }

    template <class Epilogue, std::ptrdiff_t... V>
    ASHLAR_INLINE static void give_row(const vector* values, std::ptrdiff_t i, std::ptrdiff_t j, Epilogue& out,
                                       std::integer_sequence<std::ptrdiff_t, V...>) {
        auto row = out.row(i);
        (give<V>(values[V], j, row), ...);
    }

    template <std::ptrdiff_t V, class Row>
    ASHLAR_INLINE static void give(vector value, std::ptrdiff_t j, Row& row) {
        if constexpr (V == C - 1 && Last < lanes<T>) row.partial(j + V * width, native<T>(value), V, Last);
        else row(j + V * width, value, V);
    }
};

// Where the rows of A lie, how far apart its elements along k (known_step: 0 if only run time knows), and how many rows
// a tile of C vectors has.
template <class T, std::ptrdiff_t Step = 0>
struct plain_left {
    const T* at;
    std::ptrdiff_t row, step;
    static constexpr std::ptrdiff_t known_step = Step;
    static constexpr std::ptrdiff_t widest = widest_panel;
    static constexpr std::ptrdiff_t height(std::ptrdiff_t vectors) { return most_rows(vectors); }
    ASHLAR_INLINE const T* tile(std::ptrdiff_t i, std::ptrdiff_t) const { return at + i * row; }
};
template <class T, std::ptrdiff_t K>
struct packed_left {
    const T* at;
    static constexpr std::ptrdiff_t row = 1, step = packed_a_step<T>, known_step = step;
    static constexpr std::ptrdiff_t widest = tile_vectors;  // its tiles have six rows
    static constexpr std::ptrdiff_t height(std::ptrdiff_t) { return tile_rows; }
    ASHLAR_INLINE const T* tile(std::ptrdiff_t, std::ptrdiff_t number) const { return at + number * K * step; }
};

// Tiles from number `number` on, R rows each, the first of which is row i; each with `panels` packed panels,
// one after the other.
template <class T, std::ptrdiff_t R, std::ptrdiff_t C, std::ptrdiff_t Last, std::ptrdiff_t K, std::ptrdiff_t Width,
          class Left, class Source, class Panels, class Epilogue>
ASHLAR_INLINE inline void static_tiles(Left left, Source source, std::ptrdiff_t i, std::ptrdiff_t number,
                                       std::ptrdiff_t count, std::ptrdiff_t j, Panels panels, Epilogue& out) {
    for (std::ptrdiff_t t = 0; t < count; ++t)
        for (std::ptrdiff_t p = 0; p < panels; ++p)
            static_tile<T, R, C, Last, K, Width>::run(left.tile(i + t * R, number + t), left.row, left.step,
                                                      source.panel(p * K), i + t * R, j + p * C * Width, out,
                                                      lane_sequence<R * C>{}, lane_sequence<R>{});
}
using one_panel = std::integral_constant<std::ptrdiff_t, 1>;

// The first tile copies the panel that it reads.
template <class T, std::ptrdiff_t R, std::ptrdiff_t C, std::ptrdiff_t Last, std::ptrdiff_t K, class Left,
          class Epilogue>
ASHLAR_INLINE inline void copying_tiles(Left left, const T* b, std::ptrdiff_t ldb, T* copy, std::ptrdiff_t i,
                                        std::ptrdiff_t number, std::ptrdiff_t count, std::ptrdiff_t j, Epilogue& out) {
    vec<T> sums[bound_of(R * C)];
    for (std::ptrdiff_t t = 0; t < count; ++t) {
        const T* const a = left.tile(i + t * R, number + t);
        if (number + t == 0) tile<T, R, C, Left::known_step, true>(a, R, left.row, left.step, b, ldb, K, sums, copy);
        else tile<T, R, C, Left::known_step>(a, R, left.row, left.step, copy, C * lanes<T>, K, sums, nullptr);
        for (std::ptrdiff_t r = 0; r < R; ++r)
            static_tile<T, R, C, Last, K>::give_row(sums + r * C, i + t * R + r, j, out, lane_sequence<C>{});
    }
}

// All rows of the panel from column j on, or of several packed ones, dealt evenly to the tiles: at most two heights.
template <class T, std::ptrdiff_t M, std::ptrdiff_t N, std::ptrdiff_t K, bool TransposeB, right_rows Rows,
          std::ptrdiff_t C, std::ptrdiff_t Last, class Left, class Panels, class Epilogue>
ASHLAR_INLINE inline void static_panel(Left left, const T* b, std::ptrdiff_t ldb, T* scratch, std::ptrdiff_t j,
                                       Panels panels, Epilogue& out) {
    constexpr std::ptrdiff_t width = tile_lanes<T>(N, K);
    constexpr bool lies_packed = lie_packed(Rows), full = end_in_vectors(Rows) || Last == lanes<T>;
    constexpr bool packs = packs_panel<T>(TransposeB, Rows, M, N, K, Last);
    constexpr std::ptrdiff_t count = (M + Left::height(C) - 1) / Left::height(C), rows = M / count, larger = M % count;
    const T* const from = TransposeB ? b + j * ldb : lies_packed ? b + j * K : b + j;
    if constexpr (packs && !TransposeB && full && rows > 1 && copies_in_passing(M, K)) {
        if constexpr (larger > 0)
            copying_tiles<T, rows + 1, C, Last, K>(left, from, ldb, scratch, 0, 0, larger, j, out);
        copying_tiles<T, rows, C, Last, K>(left, from, ldb, scratch, larger * (rows + 1), larger, count - larger, j,
                                           out);
    } else {
        constexpr std::ptrdiff_t columns = (C - 1) * lanes<T> + Last;
        if constexpr (packs)
            for (std::ptrdiff_t p = 0; p < panels; ++p)
                (TransposeB ? pack_columns<T> : pack_rows<T>)(from + p * columns * (TransposeB ? ldb : 1), ldb, columns,
                                                              K, C, scratch + p * columns * K);
        const panel_source<T, TransposeB && !packs, end_in_vectors(Rows) || packs,
                           (lies_packed ? K * panel_width<T> : 0)>
            source{packs ? scratch : from,
                   packs         ? C * lanes<T>
                   : lies_packed ? panel_width<T>
                   : TransposeB  ? 1
                                 : ldb,
                   ldb};
        if constexpr (larger > 0)
            static_tiles<T, rows + 1, C, Last, K, width>(left, source, 0, 0, larger, j, panels, out);
        static_tiles<T, rows, C, Last, K, width>(left, source, larger * (rows + 1), larger, count - larger, j, panels,
                                                 out);
    }
    if constexpr (ends_columns<Epilogue>) out.end_columns(j, (C - 1) * lanes<T> + Last);
}

// Panels from column J on.
template <class T, std::ptrdiff_t M, std::ptrdiff_t N, std::ptrdiff_t K, bool TransposeB, right_rows Rows,
          std::ptrdiff_t J, class Left, class Epilogue>
ASHLAR_INLINE inline void static_panels(Left left, const T* b, std::ptrdiff_t ldb, T* scratch, Epilogue& out) {
    constexpr panel_group g = panels_from<T>(M, N, J, Left::widest);
    constexpr bool groups = g.vectors == tile_vectors && !ends_columns<Epilogue>;
    constexpr std::ptrdiff_t together = groups ? panels_together<T>(!TransposeB && !lie_packed(Rows), M, N, K) : 1;
    if constexpr (together > 1 && g.count > 1) {
        for (std::ptrdiff_t panel = 0; panel < g.count; panel += together)
            static_panel<T, M, N, K, TransposeB, Rows, g.vectors, g.last>(
                left, b, ldb, scratch, J + panel * g.vectors * lanes<T>,
                g.count - panel < together ? g.count - panel : together, out);
    } else if constexpr (g.count > 1) {
        for (std::ptrdiff_t j = J; j < g.next; j += g.vectors * lanes<T>)
            static_panel<T, M, N, K, TransposeB, Rows, g.vectors, g.last>(left, b, ldb, scratch, j, one_panel{}, out);
    } else {
        static_panel<T, M, N, K, TransposeB, Rows, g.vectors, g.last>(left, b, ldb, scratch, J, one_panel{}, out);
    }
    if constexpr (g.next < N) static_panels<T, M, N, K, TransposeB, Rows, g.next>(left, b, ldb, scratch, out);
}

// Rows of A times rows of B, groups of B's rows from column J on.
template <class T, std::ptrdiff_t M, std::ptrdiff_t N, std::ptrdiff_t K, std::ptrdiff_t J, class Epilogue>
ASHLAR_INLINE inline void static_dots_of_rows(const T* a, std::ptrdiff_t lda, const T* b, std::ptrdiff_t ldb,
                                              Epilogue& out) {
    constexpr std::ptrdiff_t rows = N - J < dot_rows<T> ? N - J : dot_rows<T>, next = J + (N - J) / rows * rows,
                             width = lanes_for<T>(K < N ? N : K);
    for (std::ptrdiff_t j = J; j < next; j += rows)
        for (std::ptrdiff_t i = 0; i < M; ++i) {
            vec<T, width> sums[bound_of((rows + width - 1) / width)];
            static_dots<T>(a + i * lda, b + j * ldb, ldb, K, sums, lane_sequence<rows>{});
            auto row = out.row(i);
            for (std::ptrdiff_t v = 0; v < rows / lanes<T>; ++v) row(j + v * width, native<T>(sums[v]), v);
            if constexpr (rows % lanes<T> > 0)
                row.partial(j + rows / lanes<T> * width, native<T>(sums[rows / lanes<T>]), rows / lanes<T>,
                            rows % lanes<T>);
        }
    if constexpr (next < N) static_dots_of_rows<T, M, N, K, next>(a, lda, b, ldb, out);
}

}  // namespace ashlar::kernels::detail

namespace ashlar::kernels {

/// Static extents: panels of B's columns, for each of which all tiles of A's rows.
template <> struct multiplying<way::panels> {
    template <class T> static constexpr bool applies(const factors& f) { return detail::by_static_tiles(f); }
    template <class T> static constexpr packing scratch(const factors& f) {
        return {detail::packed_by_panels<T>(f), detail::packed_left_of<T>(f)};
    }
    static constexpr bool hands_out_columns(const factors&) { return true; }
    template <class T> static constexpr bool is_one_tile(std::ptrdiff_t m, std::ptrdiff_t n) {
        const std::ptrdiff_t vectors = (n + lanes<T> - 1) / lanes<T>;
        return vectors == detail::most_vectors(m, vectors) && m <= machine::most_rows(vectors);
    }
    template <class T, bool TransposeA, bool TransposeB, right_rows Rows, std::ptrdiff_t M, std::ptrdiff_t N,
              std::ptrdiff_t K, class Epilogue>
    ASHLAR_INLINE static void run(const T* a, std::ptrdiff_t lda, const T* b, std::ptrdiff_t ldb, T* scratch,
                                  Epilogue& out) {
        if constexpr (TransposeB && K == 1)
            if (ldb == 1)  // a column is a row
                return run<T, TransposeA, false, right_rows::exact, M, N, K>(a, lda, b, N, scratch, out);
        if constexpr (detail::packs_a(TransposeA, M, N, K)) {
            T* const packed = scratch + multiplying::scratch<T>({true, TransposeA, TransposeB, M, N, K, Rows}).right;
            detail::pack_left(a, lda, M, K, 0, detail::tiles_of(M), packed);
            detail::static_panels<T, M, N, K, TransposeB, Rows, 0>(detail::packed_left<T, K>{packed}, b, ldb, scratch,
                                                                   out);
        } else {
            const std::ptrdiff_t a_row = TransposeA ? 1 : lda, a_step = TransposeA ? lda : 1;
            detail::static_panels<T, M, N, K, TransposeB, Rows, 0>(
                detail::plain_left<T, TransposeA ? 0 : 1>{a, a_row, a_step}, b, ldb, scratch, out);
        }
    }
};

/// Static extents, few rows or few outputs of a transposed B: dot products.
template <> struct multiplying<way::dots> : packs_nothing {
    template <class T> static constexpr bool applies(const factors& f) {
        return f.are_static && !f.transpose_a && f.transpose_b && detail::dots_in_place(f.m, f.n, f.k);
    }
    template <class T> static constexpr bool is_one_tile(std::ptrdiff_t m, std::ptrdiff_t n) {
        return m == 1 && n <= detail::dot_rows<T>;
    }
    template <class T, bool, bool, right_rows, std::ptrdiff_t M, std::ptrdiff_t N, std::ptrdiff_t K, class Epilogue>
    ASHLAR_INLINE static void run(const T* a, std::ptrdiff_t lda, const T* b, std::ptrdiff_t ldb, T*, Epilogue& out) {
        detail::static_dots_of_rows<T, M, N, K, 0>(a, lda, b, ldb, out);
    }
};

}  // namespace ashlar::kernels
