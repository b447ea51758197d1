// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/kernels/simd.hpp"

namespace ashlar::kernels {

/// A number of axes that is known while compiling.
template <int N> using axis_count = std::integral_constant<int, N>;

/// To the next multi-index in row-major order; false after the last.
[[gnu::noinline]] inline bool next_index(std::ptrdiff_t* at, const std::ptrdiff_t* extent, int rank) {
    int axis = rank - 1;
    while (axis >= 0 && ++at[axis] == extent[axis]) at[axis--] = 0;
    return axis >= 0;
}

/// Calls visit(at) for every multi-index of the first `rank` axes, in row-major order.
template <class Visit>
ASHLAR_INLINE constexpr void for_each_index(const std::ptrdiff_t* extent, int rank, Visit&& visit) {
    std::ptrdiff_t at[6] = {};
    if (__builtin_is_constant_evaluated() && rank == 1) {  // fewer statements, which constant evaluation counts
        for (; at[0] < extent[0]; ++at[0]) visit(at);
        return;
    }
    // One call in the code, whatever the rank: a fused body is large.
    for (;;) {
        visit(at);
        if (__builtin_is_constant_evaluated()) {
            int axis = rank - 1;
            while (axis >= 0 && ++at[axis] == extent[axis]) at[axis--] = 0;
            if (axis < 0) return;
        } else if (rank <= 0 || !next_index(at, extent, rank)) {
            return;
        }
    }
}

namespace detail {

template <int Axis, int Rank, class Visit> ASHLAR_INLINE inline void nested_loops(const std::ptrdiff_t* extent,
                                                                                  std::ptrdiff_t* at, Visit& visit) {
    if constexpr (Axis == Rank) visit(at);
    else
        for (at[Axis] = 0; at[Axis] < extent[Axis]; ++at[Axis]) nested_loops<Axis + 1, Rank>(extent, at, visit);
}

}  // namespace detail

/// The same as nested loops: nothing is indexed by a variable that the compiler would have to see through.
template <int Rank, class Visit> ASHLAR_INLINE inline void for_each_index(const std::ptrdiff_t* extent,
                                                                          axis_count<Rank>, Visit&& visit) {
    std::ptrdiff_t at[6] = {};
    detail::nested_loops<0, Rank>(extent, at, visit);
}

/// A fused loop over one row of n elements (N, where it is known): whole vectors, then what is left in one partial
/// vector. The body knows what is computed: body(j) for a vector, body.partial(j, count) for its first elements. Brief:
/// it takes so few instructions that counting vectors costs as much as they do, which not every compiler sees.
template <class T, bool Brief = false, std::ptrdiff_t N = 0, class Body>
ASHLAR_INLINE inline void map_row(std::ptrdiff_t n, Body& body) {
    std::ptrdiff_t j = 0;
    if constexpr (N > 0) n = N;
    if constexpr (Brief && unrolls) {
#pragma GCC unroll 4
        for (; j + lanes<T> <= n; j += lanes<T>) body(j);
    } else {
        for (; j + lanes<T> <= n; j += lanes<T>) body(j);
    }
    if constexpr (N == 0) {
        if (j < n) body.partial(j, n - j);
    } else if constexpr (N % lanes<T> > 0) {  // nothing dead is left to be found out
        body.partial(N - N % lanes<T>, N % lanes<T>);
    }
}

}  // namespace ashlar::kernels
