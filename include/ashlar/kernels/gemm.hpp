// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/kernels/gemm_narrow.hpp"
#include "ashlar/kernels/gemm_static.hpp"

// C = A B, row-major, either operand transposed. Results go to an epilogue, each element once and final:
//   auto row = out.row(i), out.next(row)   row i, then the next one:
//   row(j, vec<T>, v)                      columns j to j + lanes - 1, vector v of those that come together
//   row.partial(j, vec<T>, v, count)       the first count of them
//   out.length                             of its code: 0 where there is nothing but to store
//   out.end_columns(j, count)              if there is such a thing, after the last row of that many columns
//   out.joins_rows(n)                      if there is such a thing: whether rows of n columns may come as one
namespace ashlar::kernels {

/// An epilogue whose type is erased: takes `rows` x `vectors` of results at (i, j), of which `columns` elements a row
/// are valid. One way of multiplying serves every epilogue, at the price of a call a tile.
template <class T>
struct receiver {
    void (*take)(void* epilogue, const vec<T>* values, std::ptrdiff_t rows, std::ptrdiff_t vectors, std::ptrdiff_t i,
                 std::ptrdiff_t j, std::ptrdiff_t columns);
    void (*end_columns)(void* epilogue, std::ptrdiff_t j, std::ptrdiff_t columns);  // may be null
    void* epilogue;
};

namespace detail {

// ---- constant evaluation: few, long expressions ----

template <class T, std::ptrdiff_t... P>
constexpr T dot(const T* a, std::ptrdiff_t a_step, const T* b, std::ptrdiff_t b_step,
                std::integer_sequence<std::ptrdiff_t, P...>) {
    return static_cast<T>((... + (static_cast<summed<T>>(a[P * a_step]) * static_cast<summed<T>>(b[P * b_step]))));
}

template <std::ptrdiff_t K, class T>
constexpr T dot(const T* a, std::ptrdiff_t a_step, const T* b, std::ptrdiff_t b_step, std::ptrdiff_t k) {
    if constexpr (K > 0 && K <= 64) {
        return dot(a, a_step, b, b_step, lane_sequence<K>{});
    } else {
        using word = summed<T>;
        word sum{};
        std::ptrdiff_t p = 0;
        for (; p + 16 <= k; p += 16)
            sum += static_cast<word>(dot(a + p * a_step, a_step, b + p * b_step, b_step, lane_sequence<16>{}));
        for (; p < k; ++p) sum += static_cast<word>(a[p * a_step]) * static_cast<word>(b[p * b_step]);
        return static_cast<T>(sum);
    }
}

// ---- handing out ----

template <class T, class Epilogue>
ASHLAR_FLATTEN void hand_out(void* epilogue, const vec<T>* values, std::ptrdiff_t rows, std::ptrdiff_t vectors,
                             std::ptrdiff_t i, std::ptrdiff_t j, std::ptrdiff_t columns) {
    Epilogue& out = *static_cast<Epilogue*>(epilogue);
    const std::ptrdiff_t whole = columns / lanes<T>;
    auto row = out.row(i);
    for (std::ptrdiff_t r = 0; r < rows; ++r, values += vectors) {
        if (r > 0) out.next(row);
        for (std::ptrdiff_t v = 0; v < whole; ++v) row(j + v * lanes<T>, values[v], v);
        if (whole < vectors) row.partial(j + whole * lanes<T>, values[whole], whole, columns - whole * lanes<T>);
    }
}

template <class Epilogue>
ASHLAR_FLATTEN void hand_end(void* epilogue, std::ptrdiff_t j, std::ptrdiff_t columns) {
    static_cast<Epilogue*>(epilogue)->end_columns(j, columns);
}

// ---- matrix times matrix through shared tiles ----

template <class T, bool TransposeA, bool TransposeB, right_rows Rows>
[[gnu::noinline]] ASHLAR_FLATTEN void gemm_by_tiles(const T* a, std::ptrdiff_t lda, const T* b, std::ptrdiff_t ldb,
                                                    std::ptrdiff_t m, std::ptrdiff_t n, std::ptrdiff_t k, T* scratch,
                                                    receiver<T> out) {
    constexpr std::ptrdiff_t width = lanes<T>;
    constexpr bool lies_packed = lie_packed(Rows);
    const bool plain_b = !TransposeB || (k == 1 && ldb == 1);
    const bool pack_a = packs_a(TransposeA, m, n, k);
    T* const packed_a = scratch + (pack_a ? packed_by_tiles<T>(TransposeB, n, k, Rows) : 0);
    const std::ptrdiff_t a_row = TransposeA ? 1 : lda, a_step = pack_a ? packed_a_step<T> : TransposeA ? lda : 1;
    const tile_deal deal{m};
    const std::ptrdiff_t block = pack_a ? block_tiles<T>(m, k) : deal.count;
    for (std::ptrdiff_t begin = 0; begin < deal.count; begin += block) {
        const std::ptrdiff_t end = begin + block < deal.count ? begin + block : deal.count;
        if constexpr (TransposeA)
            if (pack_a) pack_left(a, lda, m, k, begin, end, packed_a);
        for (std::ptrdiff_t j = 0; j < n; j += panel_width<T>) {
            const std::ptrdiff_t columns = n - j < panel_width<T> ? n - j : panel_width<T>;
            const std::ptrdiff_t vectors = columns > width ? 2 : 1;
            const T* panel = lies_packed ? b + j * k : plain_b ? b + j : b + j * ldb;
            std::ptrdiff_t step = lies_packed ? panel_width<T> : ldb;
            if (!lies_packed && packs_shared_panel<T>(plain_b, n, k, columns, vectors)) {
                (plain_b ? pack_rows<T> : pack_columns<T>)(panel, ldb, columns, k, vectors, scratch);
                panel = scratch;
                step = vectors * width;
            }
            for (std::ptrdiff_t tile = begin; tile < end; ++tile) {
                const std::ptrdiff_t i = deal.first(tile), height = deal.height(tile);
                vec<T> sums[tile_rows * tile_vectors];
                const T* from = pack_a ? packed_a + (tile - begin) * k * a_step : a + i * a_row;
                tiles<T>[vectors - 1][height - 1](from, height, a_row, a_step, panel, step, k, sums, nullptr);
                out.take(out.epilogue, sums, height, vectors, i, j, columns);
            }
            if (out.end_columns != nullptr) out.end_columns(out.epilogue, j, columns);
        }
    }
}

// ---- row times matrix ----

template <class T>
[[gnu::noinline]] ASHLAR_FLATTEN void gemv_by_dots(const T* a, std::ptrdiff_t lda, const T* b, std::ptrdiff_t ldb,
                                                   std::ptrdiff_t m, std::ptrdiff_t n, std::ptrdiff_t k,
                                                   receiver<T> out) {
    constexpr std::ptrdiff_t width = lanes<T>, height = dot_rows<T>;
    for (std::ptrdiff_t j = 0; j < n; j += height) {
        const std::ptrdiff_t columns = n - j < height ? n - j : height;
        for (std::ptrdiff_t i = 0; i < m; ++i) {
            vec<T> sums[bound_of(height / width)];
            dots(a + i * lda, b + j * ldb, ldb, columns, k, sums);
            out.take(out.epilogue, sums, 1, (columns + width - 1) / width, i, j, columns);
        }
    }
}

template <class T>
[[gnu::noinline]] ASHLAR_FLATTEN void column_by_dots(const T* a, std::ptrdiff_t lda, const T* b, std::ptrdiff_t m,
                                                     std::ptrdiff_t k, receiver<T> out) {
    constexpr std::ptrdiff_t height = dot_rows<T>;
    for (std::ptrdiff_t i = 0; i < m; i += height) {
        const std::ptrdiff_t rows = m - i < height ? m - i : height;
        vec<T> sums[height / lanes<T>];
        dots(b, a + i * lda, lda, rows, k, sums);
        for (std::ptrdiff_t r = 0; r < rows; ++r) {
            const vec<T> sum = broadcast(sums[r / lanes<T>][r % lanes<T>]);
            out.take(out.epilogue, &sum, 1, 1, i + r, 0, 1);
        }
    }
}

template <class T, right_rows Rows>
[[gnu::noinline]] ASHLAR_FLATTEN void gemv_by_strips(const T* x, std::ptrdiff_t x_step, const T* b, std::ptrdiff_t ldb,
                                                     std::ptrdiff_t n, std::ptrdiff_t k, receiver<T> out) {
    constexpr std::ptrdiff_t width = lanes<T>, most = machine::strip_vectors;
    constexpr bool lies_packed = lie_packed(Rows);
    const std::ptrdiff_t step = lies_packed ? panel_width<T> : ldb,
                         apart = lies_packed ? k * panel_width<T> : panel_width<T>;
    for (std::ptrdiff_t j = 0; j < n;) {
        const std::ptrdiff_t left = (n - j + width - 1) / width;
        const std::ptrdiff_t vectors = left >= most ? most : left >= 2 ? 2 : 1;
        const std::ptrdiff_t columns = vectors * width < n - j ? vectors * width : n - j;
        const std::ptrdiff_t last = columns - (vectors - 1) * width;
        vec<T> sums[most];
        const auto sum_strip = vectors == most ? strip<T, most> : vectors == 2 ? strip<T, 2> : strip<T, 1>;
        sum_strip(x, x_step, lies_packed ? b + j * k : b + j, step, apart, last, k, sums);
        out.take(out.epilogue, sums, 1, vectors, 0, j, columns);
        j += columns;
    }
}

}  // namespace detail

template <class T, class Epilogue>
receiver<T> receiver_of(Epilogue& out) {
    if constexpr (detail::ends_columns<Epilogue>)
        return {&detail::hand_out<T, Epilogue>, &detail::hand_end<Epilogue>, &out};
    else return {&detail::hand_out<T, Epilogue>, nullptr, &out};
}

// ---- the ways that all products share ----
//
// run(a, lda, b, ldb, m, n, k, scratch, out): rows of A are lda apart, those of B ldb.

/// A column: dot products of A's rows with it.
template <> struct multiplying<way::column> : packs_nothing {
    template <class T> static constexpr bool applies(const factors& f) {
        return f.n == 1 && !f.transpose_a && (f.transpose_b || f.leading == 1);
    }
    template <class T, bool, bool, right_rows>
    ASHLAR_INLINE static void run(const T* a, std::ptrdiff_t lda, const T* b, std::ptrdiff_t, std::ptrdiff_t m,
                                  std::ptrdiff_t, std::ptrdiff_t k, T*, receiver<T> out) {
        detail::column_by_dots<T>(a, lda, b, m, k, out);
    }
};

/// Few rows by a transposed B: dot products.
template <> struct multiplying<way::few_rows> : packs_nothing {
    template <class T> static constexpr bool applies(const factors& f) {
        return !f.transpose_a && f.transpose_b && detail::few_rows_by_dots(f.m, f.k);
    }
    template <class T, bool, bool, right_rows>
    ASHLAR_INLINE static void run(const T* a, std::ptrdiff_t lda, const T* b, std::ptrdiff_t ldb, std::ptrdiff_t m,
                                  std::ptrdiff_t n, std::ptrdiff_t k, T*, receiver<T> out) {
        detail::gemv_by_dots<T>(a, lda, b, ldb, m, n, k, out);
    }
};

/// One row, strip by strip of B's columns.
template <> struct multiplying<way::row> : packs_nothing {
    template <class T> static constexpr bool applies(const factors& f) { return f.m == 1 && !f.transpose_b; }
    template <class T, bool TransposeA, bool, right_rows Rows>
    ASHLAR_INLINE static void run(const T* a, std::ptrdiff_t lda, const T* b, std::ptrdiff_t ldb, std::ptrdiff_t,
                                  std::ptrdiff_t n, std::ptrdiff_t k, T*, receiver<T> out) {
        detail::gemv_by_strips<T, Rows>(a, TransposeA ? lda : 1, b, ldb, n, k, out);
    }
};

/// Every other product: panels of two vectors, one at a time, for each of which all tiles of A's rows.
template <> struct multiplying<way::tiles> {
    template <class T> static constexpr bool applies(const factors&) { return true; }
    template <class T> static constexpr packing scratch(const factors& f) {
        return {detail::packed_by_tiles<T>(f.transpose_b, f.n, f.k, f.rows), detail::packed_left_of<T>(f)};
    }
    // A packed A that goes in blocks meets all columns once a block.
    static constexpr bool hands_out_columns(const factors& f) {
        return !detail::packs_a(f.transpose_a, f.m, f.n, f.k) || detail::packs_a_at_once(f.m, f.k);
    }
    template <class T> static constexpr bool is_one_tile(std::ptrdiff_t, std::ptrdiff_t) { return false; }
    template <class T, bool TransposeA, bool TransposeB, right_rows Rows>
    ASHLAR_INLINE static void run(const T* a, std::ptrdiff_t lda, const T* b, std::ptrdiff_t ldb, std::ptrdiff_t m,
                                  std::ptrdiff_t n, std::ptrdiff_t k, T* scratch, receiver<T> out) {
        detail::gemm_by_tiles<T, TransposeA, TransposeB, Rows>(a, lda, b, ldb, m, n, k, scratch, out);
    }
};

// ---- the choice ----

namespace detail {

using ways = std::make_integer_sequence<int, static_cast<int>(way::tiles) + 1>;
template <int W> using way_at = multiplying<static_cast<way>(W)>;

template <class T, int... W> constexpr way first_of(const factors& f, std::integer_sequence<int, W...>) {
    int found = -1;
    (void)(... || (++found, way_at<W>::template applies<T>(f)));
    return static_cast<way>(found);
}
template <class T, int... W>
constexpr packing scratch_of(way w, const factors& f, std::integer_sequence<int, W...>) {
    packing p{};
    (void)(... || (static_cast<int>(w) == W && (p = way_at<W>::template scratch<T>(f), true)));
    return p;
}
template <int... W> constexpr bool in_columns(way w, const factors& f, std::integer_sequence<int, W...>) {
    return (... || (static_cast<int>(w) == W && way_at<W>::hands_out_columns(f)));
}
template <class T, int... W>
constexpr bool in_one_tile(way w, std::ptrdiff_t m, std::ptrdiff_t n, std::integer_sequence<int, W...>) {
    return (... || (static_cast<int>(w) == W && way_at<W>::template is_one_tile<T>(m, n)));
}

}  // namespace detail

/// The way that a product goes: the first that applies.
template <class T> constexpr way way_of(const factors& f) { return detail::first_of<T>(f, detail::ways{}); }

/// What a product packs that goes this way.
template <class T> constexpr packing packing_of(way w, const factors& f) {
    return detail::scratch_of<T>(w, f, detail::ways{});
}

/// Whether a product that goes this way reads all of its operands before it hands out anything.
template <class T> constexpr bool is_one_tile(way w, std::ptrdiff_t m, std::ptrdiff_t n) {
    return detail::in_one_tile<T>(w, m, n, detail::ways{});
}

/// Whether these hand out all rows of some columns, in order, before those of others,
/// whether or not code will be made for their extents: the planner asks before it knows.
template <class T> constexpr bool hands_out_columns(factors f) {
    if (f.m <= 1 || f.n <= 1) return false;
    for (const bool are_static : {true, false}) {
        f.are_static = are_static;
        if (!detail::in_columns(way_of<T>(f), f, detail::ways{})) return false;
    }
    return true;
}

}  // namespace ashlar::kernels
