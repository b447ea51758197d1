// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/kernels/gemm_tile.hpp"
#include "ashlar/kernels/gemm_pack.hpp"

// One row times a matrix, and rows of dot products.
namespace ashlar::kernels::detail {

template <class T>
inline constexpr std::ptrdiff_t dot_rows = lanes<T> < 8 ? 8 : lanes<T>;  // chains enough to hide the latency of an addition

// Lane i of the result is the sum over x[i]; overwrites x. Neighbours are merged, so that every addition does full work.
template <class T>
[[gnu::always_inline]] inline vec<T> sum_each(vec<T>* x) {
    constexpr std::ptrdiff_t group = 16 / static_cast<std::ptrdiff_t>(sizeof(T));
    constexpr auto all = lane_sequence<lanes<T>>{};
    const auto merge = [&]<std::ptrdiff_t Step, std::ptrdiff_t... I>(std::integral_constant<std::ptrdiff_t, Step>,
                                                                   std::integer_sequence<std::ptrdiff_t, I...>) __attribute__((always_inline)) {
        if constexpr (Step < group)
            ((x[I] = interleave<Step, false, T>(x[2 * I], x[2 * I + 1], all) + interleave<Step, true, T>(x[2 * I], x[2 * I + 1], all)), ...);
        else
            ((x[I] = exchange<Step, false, T>(x[2 * I], x[2 * I + 1], all) + exchange<Step, true, T>(x[2 * I], x[2 * I + 1], all)), ...);
    };
    [&]<std::ptrdiff_t... S>(std::integer_sequence<std::ptrdiff_t, S...>) __attribute__((always_inline)) {
        (merge(std::integral_constant<std::ptrdiff_t, 1 << S>{}, lane_sequence<(lanes<T> >> (S + 1))>{}), ...);
    }(lane_sequence<__builtin_ctz(static_cast<unsigned>(lanes<T>))>{});
    return x[0];
}

// x . w(r) for r < dot_rows; rows from `rows` on repeat the last.
template <class T>
[[gnu::noinline]] void dots(const T* x, const T* w, std::ptrdiff_t stride, std::ptrdiff_t rows, std::ptrdiff_t k, vec<T>* result) {
    constexpr std::ptrdiff_t count = dot_rows<T>, width = lanes<T>;
    [&]<std::ptrdiff_t... R>(std::integer_sequence<std::ptrdiff_t, R...>) {
        const T* row[count] = {(w + (R < rows ? R : rows - 1) * stride)...};
        vec<T> acc[count];
        clear<T>(acc, lane_sequence<count>{});
        std::ptrdiff_t p = 0;
        for (; p + width <= k; p += width) {
            const vec<T> value = load(x + p);
            ((acc[R] = load(row[R] + p) * value + acc[R]), ...);
        }
        if (p < k) {
            const vec<T> value = load_partial(x + p, k - p);
            ((acc[R] = load_partial(row[R] + p, k - p) * value + acc[R]), ...);
        }
        for (std::ptrdiff_t group = 0; group < count / width; ++group) result[group] = sum_each<T>(acc + group * width);
    }(lane_sequence<count>{});
}

// C vectors of x B; the last has `last` lanes. k is dealt to S sets of accumulators where C alone would wait for its sums.
template <class T, std::ptrdiff_t C>
[[gnu::noinline]] void strip(const T* x, std::ptrdiff_t x_step, const T* b, std::ptrdiff_t b_step, std::ptrdiff_t last, std::ptrdiff_t k,
                             vec<T>* result) {
    constexpr std::ptrdiff_t width = lanes<T>, sets = C >= 8 ? 1 : C >= 4 ? 2 : 4;
    [&]<std::ptrdiff_t... I>(std::integer_sequence<std::ptrdiff_t, I...>) {
        vec<T> acc[C * sets];
        clear<T>(acc, lane_sequence<C * sets>{});
        const auto read = [=](const T* p, bool whole) __attribute__((always_inline)) { return whole ? load(p) : load_partial(p, last); };
        const auto run = [&](auto whole) __attribute__((always_inline)) {
            std::ptrdiff_t p = 0;
            for (; p + sets <= k; p += sets, x += sets * x_step, b += sets * b_step)
                ((acc[I] = broadcast(x[I / C * x_step]) * read(b + I / C * b_step + I % C * width, whole || I % C < C - 1) + acc[I]), ...);
            for (; p < k; ++p, x += x_step, b += b_step)
                ((I < C ? void(acc[I] = broadcast(x[0]) * read(b + I % C * width, whole || I % C < C - 1) + acc[I]) : void()), ...);
        };
        if (last == width)
            run(std::true_type{});
        else
            run(std::false_type{});
        if constexpr (sets == 4) ((I < 2 * C ? void(acc[I] += acc[(I + 2 * C) % (C * sets)]) : void()), ...);
        if constexpr (sets >= 2) ((I < C ? void(acc[I] += acc[(I + C) % (C * sets)]) : void()), ...);
        ((I < C ? void(result[I % C] = acc[I]) : void()), ...);
    }(lane_sequence<C * sets>{});
}

}  // namespace ashlar::kernels::detail
