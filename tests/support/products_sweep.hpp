// SPDX-License-Identifier: BSL-1.0
// Products of static extents from 1 to 20 in each direction, in all four forms: an
// eighth of all extents, strewn among them and dealt to the files of tests/sweep.
// Minutes to compile: `tests/run sweep` runs them, nothing else does. Compiled with
// -DSWEEP_TURN=1 to 7 they are the other eighths; with -DSWEEP_SIZE=25 a fifth
// of that, quick enough for many configurations, and the turns go to 39.
#pragma once

#include "support/catch.hpp"
#include "support/products.hpp"

#include <utility>

#if !defined(SWEEP_TURN)
    #define SWEEP_TURN 0
#endif
#if !defined(SWEEP_SIZE)
    #define SWEEP_SIZE 125
#endif

namespace support {

inline constexpr std::size_t sweep_extent = 20, sweep_files = 8, sweep_size = SWEEP_SIZE;

// Neighbours differ in type, in what is made of the product, in how its operands lie, and in whether there is a batch.
template <index M, index N, index K, bool TA, bool TB> void check_static_product() {
    using type = std::conditional_t<(M + N + K) % 2 == 0, float, double>;
    constexpr product p{
        .m = M, .n = N, .k = K, .ta = TA, .tb = TB, .batch = M % 4 == N % 4 ? 3 : 1, .apart = (M + K) % 3};
    constexpr bool combines = p.batch == 1 && kernels::hands_out_columns<type>({false, TA, TB, M, N, K});
    constexpr epilogue end = (M + 2 * N + K) % 3 == 0               ? epilogue::plain
                             : (M + 2 * N + K) % 3 == 2 && combines ? epilogue::combined
                                                                    : epilogue::biased;
    CAPTURE(M, N, K, TA, TB);
    CHECK(is_right_when_static<type, end, p>());
}
template <index M, index N, index K> void check_static_forms() {
    check_static_product<M, N, K, false, false>(), check_static_product<M, N, K, false, true>();
    check_static_product<M, N, K, true, false>(), check_static_product<M, N, K, true, true>();
}

template <std::size_t At> void check_static_extents() {
    constexpr std::size_t e = sweep_extent, i = At * 7919 % (e * e * e);  // 7919 is prime: no extents come twice
    check_static_forms<index(i / (e * e) + 1), index(i / e % e + 1), index(i % e + 1)>();
}

/// The part of one file.
template <std::size_t File> void sweep_static_products() {
    []<std::size_t... I>(std::index_sequence<I...>) {
        (check_static_extents<((SWEEP_TURN * sweep_size + I) * sweep_files + File)>(), ...);
    }(std::make_index_sequence<sweep_size>{});
}

}  // namespace support
