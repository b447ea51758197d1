// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/kernels/gemv.hpp"

// Small static products, expanded in place: no call, no pass through memory between the sums and the epilogue.
namespace ashlar::kernels::detail {

// Rows of a tile of C vectors: sums enough to hide the latency, few enough for the registers.
constexpr std::ptrdiff_t most_rows(std::ptrdiff_t vectors) { return vectors == 1 ? 8 : vectors == 2 ? 6 : 1; }

// Vectors wide enough for `columns`: one row takes up to eight.
constexpr std::ptrdiff_t most_vectors(std::ptrdiff_t rows, std::ptrdiff_t left) {
    return rows > 1 ? (left >= 2 ? 2 : 1) : left >= 8 ? 8 : left >= 4 ? 4 : left >= 2 ? 2 : 1;
}

// A tile's constants. Last: valid lanes of the last vector; Sets: groups of sums that k is dealt to.
template <std::ptrdiff_t R, std::ptrdiff_t C, std::ptrdiff_t Last, std::ptrdiff_t K, bool TransposeB>
struct small_tile {
    static constexpr std::ptrdiff_t sums = R * C;
    static constexpr std::ptrdiff_t sets = K < 16 || sums >= 8 ? 1 : sums >= 4 ? 2 : 4;

    template <class T, std::ptrdiff_t V>
    [[gnu::always_inline]] static vec<T> read(const T* b, std::ptrdiff_t stride) {
        if constexpr (V == C - 1 && Last < lanes<T>)
            return TransposeB ? gather_partial(b + V * lanes<T> * stride, stride, Last)
                              : load_partial(b + V * lanes<T>, Last);
        else
            return TransposeB ? gather(b + V * lanes<T> * stride, stride) : load(b + V * lanes<T>);
    }

    template <class T, std::ptrdiff_t... V, std::ptrdiff_t... I>
    [[gnu::always_inline]] static void step(vec<T>* acc, const T* a, std::ptrdiff_t a_row, const T* b,
                                            std::ptrdiff_t stride, std::integer_sequence<std::ptrdiff_t, V...>,
                                            std::integer_sequence<std::ptrdiff_t, I...>) {
        const vec<T> row[C] = {read<T, V>(b, stride)...};
        ((acc[I] = broadcast(a[I / C * a_row]) * row[I % C] + acc[I]), ...);
    }

    template <class T, class Epilogue, std::ptrdiff_t... I>
    [[gnu::always_inline]] static void run(const T* a, std::ptrdiff_t a_row, std::ptrdiff_t a_step, const T* b,
                                           std::ptrdiff_t b_step, std::ptrdiff_t stride, std::ptrdiff_t i,
                                           std::ptrdiff_t j, Epilogue& out,
                                           std::integer_sequence<std::ptrdiff_t, I...> all) {
        vec<T> acc[sums * sets]{};
        for (std::ptrdiff_t p = 0; p < K / sets; ++p)
            [&]<std::ptrdiff_t... S>(std::integer_sequence<std::ptrdiff_t, S...>) __attribute__((always_inline)) {
                (step<T>(acc + S * sums, a + (p * sets + S) * a_step, a_row, b + (p * sets + S) * b_step, stride,
                         lane_sequence<C>{}, all),
                 ...);
            }(lane_sequence<sets>{});
        for (std::ptrdiff_t p = K / sets * sets; p < K; ++p)
            step<T>(acc, a + p * a_step, a_row, b + p * b_step, stride, lane_sequence<C>{}, all);
        if constexpr (sets == 4) ((acc[I] += acc[I + 2 * sums], acc[I + sums] += acc[I + 3 * sums]), ...);
        if constexpr (sets >= 2) ((acc[I] += acc[I + sums]), ...);
        (give<T, I>(acc[I], i, j, out), ...);
    }

    template <class T, std::ptrdiff_t I, class Epilogue>
    [[gnu::always_inline]] static void give(vec<T> value, std::ptrdiff_t i, std::ptrdiff_t j, Epilogue& out) {
        if constexpr (I % C == C - 1 && Last < lanes<T>)
            out.partial(i + I / C, j + I % C * lanes<T>, value, Last);
        else
            out(i + I / C, j + I % C * lanes<T>, value);
    }
};

// All rows of one panel, dealt evenly to the tiles: at most two heights.
template <class T, std::ptrdiff_t M, std::ptrdiff_t C, std::ptrdiff_t Last, std::ptrdiff_t K, bool TransposeB,
          class Epilogue>
[[gnu::always_inline]] inline void small_panel(const T* a, std::ptrdiff_t a_row, std::ptrdiff_t a_step, const T* b,
                                               std::ptrdiff_t b_step, std::ptrdiff_t stride, std::ptrdiff_t j,
                                               Epilogue& out) {
    constexpr std::ptrdiff_t count = (M + most_rows(C) - 1) / most_rows(C), rows = M / count, larger = M % count;
    if constexpr (larger > 0)
        for (std::ptrdiff_t i = 0; i < larger * (rows + 1); i += rows + 1)
            small_tile<rows + 1, C, Last, K, TransposeB>::template run<T>(
                a + i * a_row, a_row, a_step, b, b_step, stride, i, j, out, lane_sequence<(rows + 1) * C>{});
    for (std::ptrdiff_t i = larger * (rows + 1); i < M; i += rows)
        small_tile<rows, C, Last, K, TransposeB>::template run<T>(a + i * a_row, a_row, a_step, b, b_step, stride, i, j,
                                                                  out, lane_sequence<rows * C>{});
}

// Panels from column J on.
template <class T, std::ptrdiff_t M, std::ptrdiff_t N, std::ptrdiff_t K, bool TransposeB, std::ptrdiff_t J,
          class Epilogue>
[[gnu::always_inline]] inline void small_panels(const T* a, std::ptrdiff_t a_row, std::ptrdiff_t a_step, const T* b,
                                                std::ptrdiff_t b_step, std::ptrdiff_t stride, Epilogue& out) {
    constexpr std::ptrdiff_t width = lanes<T>, left = (N - J + width - 1) / width, vectors = most_vectors(M, left);
    constexpr std::ptrdiff_t whole = (N - J) / (vectors * width);  // panels without a tail
    for (std::ptrdiff_t j = J; j < J + whole * vectors * width; j += vectors * width)
        small_panel<T, M, vectors, width, K, TransposeB>(a, a_row, a_step, TransposeB ? b + j * stride : b + j, b_step,
                                                         stride, j, out);
    constexpr std::ptrdiff_t next = J + whole * vectors * width, rest = N - next;
    if constexpr (whole == 0) {
        constexpr std::ptrdiff_t columns = rest < vectors * width ? rest : vectors * width;
        small_panel<T, M, vectors, columns - (vectors - 1) * width, K, TransposeB>(
            a, a_row, a_step, TransposeB ? b + next * stride : b + next, b_step, stride, next, out);
        if constexpr (columns < rest)
            small_panels<T, M, N, K, TransposeB, next + columns>(a, a_row, a_step, b, b_step, stride, out);
    } else if constexpr (rest > 0) {
        small_panels<T, M, N, K, TransposeB, next>(a, a_row, a_step, b, b_step, stride, out);
    }
}

// Rows of A times rows of B, groups of B's rows from column J on.
template <class T, std::ptrdiff_t M, std::ptrdiff_t N, std::ptrdiff_t K, std::ptrdiff_t J, class Epilogue>
[[gnu::always_inline]] inline void small_dots(const T* a, std::ptrdiff_t lda, const T* b, std::ptrdiff_t ldb,
                                              Epilogue& out) {
    constexpr std::ptrdiff_t width = lanes<T>, rows = N - J < dot_rows<T> ? N - J : dot_rows<T>,
                             next = J + (N - J) / rows * rows;
    for (std::ptrdiff_t j = J; j < next; j += rows)
        for (std::ptrdiff_t i = 0; i < M; ++i) {
            vec<T> sums[dot_rows<T> / width];
            static_dots<T>(a + i * lda, b + j * ldb, ldb, K, sums, lane_sequence<rows>{});
            for (std::ptrdiff_t v = 0; v < rows / width; ++v) out(i, j + v * width, sums[v]);
            if constexpr (rows % width > 0) out.partial(i, j + rows / width * width, sums[rows / width], rows % width);
        }
    if constexpr (next < N) small_dots<T, M, N, K, next>(a, lda, b, ldb, out);
}

}  // namespace ashlar::kernels::detail
