// SPDX-License-Identifier: BSL-1.0
#pragma once

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
[[gnu::noinline]] ASHLAR_FLATTEN void
gemm_by_tiles(const T* a, std::ptrdiff_t lda, const T* b, std::ptrdiff_t ldb, std::ptrdiff_t m, std::ptrdiff_t n,
              std::ptrdiff_t k, T* scratch, receiver<T> out) {
    constexpr std::ptrdiff_t width = lanes<T>;
    constexpr bool lies_packed = Rows == right_rows::panels;
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
[[gnu::noinline]] ASHLAR_FLATTEN void
gemv_by_dots(const T* a, std::ptrdiff_t lda, const T* b, std::ptrdiff_t ldb, std::ptrdiff_t m, std::ptrdiff_t n,
             std::ptrdiff_t k, receiver<T> out) {
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
[[gnu::noinline]] ASHLAR_FLATTEN void
column_by_dots(const T* a, std::ptrdiff_t lda, const T* b, std::ptrdiff_t m, std::ptrdiff_t k, receiver<T> out) {
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
    constexpr std::ptrdiff_t width = lanes<T>;
    constexpr bool lies_packed = Rows == right_rows::panels;
    const std::ptrdiff_t step = lies_packed ? panel_width<T> : ldb,
                         apart = lies_packed ? k * panel_width<T> : panel_width<T>;
    for (std::ptrdiff_t j = 0; j < n;) {
        const std::ptrdiff_t left = (n - j + width - 1) / width;
        const std::ptrdiff_t vectors = left >= 8 ? 8 : left >= 2 ? 2 : 1;
        const std::ptrdiff_t columns = vectors * width < n - j ? vectors * width : n - j;
        const std::ptrdiff_t last = columns - (vectors - 1) * width;
        vec<T> sums[8];
        const auto sum_strip = vectors == 8 ? strip<T, 8> : vectors == 2 ? strip<T, 2> : strip<T, 1>;
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

// C = A B. A is m x k, or k x m if transposed, rows lda apart; B likewise.
template <class T, way Way, bool TransposeA, bool TransposeB, right_rows Rows>
ASHLAR_INLINE inline void gemm_into(const T* a, std::ptrdiff_t lda, const T* b, std::ptrdiff_t ldb,
                                             std::ptrdiff_t m, std::ptrdiff_t n, std::ptrdiff_t k, T* scratch,
                                             receiver<T> out) {
    if constexpr (Way == way::column) detail::column_by_dots<T>(a, lda, b, m, k, out);
    else if constexpr (Way == way::few_rows) detail::gemv_by_dots<T>(a, lda, b, ldb, m, n, k, out);
    else if constexpr (Way == way::row) detail::gemv_by_strips<T, Rows>(a, TransposeA ? lda : 1, b, ldb, n, k, out);
    else detail::gemm_by_tiles<T, TransposeA, TransposeB, Rows>(a, lda, b, ldb, m, n, k, scratch, out);
}

template <class T, way Way, bool TransposeA, bool TransposeB, right_rows Rows, std::ptrdiff_t M, std::ptrdiff_t N,
          std::ptrdiff_t K, class Epilogue>
ASHLAR_INLINE inline void
gemm_expanded(const T* a, std::ptrdiff_t lda, const T* b, std::ptrdiff_t ldb, T* scratch, Epilogue& out) {
    const std::ptrdiff_t a_row = TransposeA ? 1 : lda, a_step = TransposeA ? lda : 1;
    if constexpr (Way == way::dots) {
        detail::static_dots_of_rows<T, M, N, K, 0>(a, lda, b, ldb, out);
    } else if constexpr (Way == way::side_by_side) {
        detail::narrow_product<T, M, N, K>(a, lda, b, ldb, out);
    } else if constexpr (Way == way::row_by_row) {
        detail::row_by_matrix<T, N, K>(a, a_step, b, ldb, out);
    } else {
        if constexpr (TransposeB && K == 1)
            if (ldb == 1)  // a column is a row
                return gemm_expanded<T, Way, TransposeA, false, right_rows::exact, M, N, K>(a, lda, b, N, scratch, out);
        if constexpr (detail::packs_a(TransposeA, M, N, K)) {
            T* const packed = scratch + packing_of<T>(Way, TransposeA, TransposeB, M, N, K, Rows).right;
            detail::pack_left(a, lda, M, K, 0, detail::tiles_of(M), packed);
            detail::static_panels<T, M, N, K, TransposeB, Rows, 0>(
                detail::packed_left<T, K>{packed}, b, ldb, scratch, out);
        } else {
            detail::static_panels<T, M, N, K, TransposeB, Rows, 0>(
                detail::plain_left<T, TransposeA ? 0 : 1>{a, a_row, a_step}, b, ldb, scratch, out);
        }
    }
}

}  // namespace ashlar::kernels
