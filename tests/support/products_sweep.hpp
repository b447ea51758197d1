// SPDX-License-Identifier: BSL-1.0
// Products of all static extents from 1 to 20 in each direction, in all four forms, dealt to the files of tests/sweep. Minutes to
// compile each: `tests/run sweep` runs them, nothing else does.
#pragma once

#include "support/catch.hpp"
#include "support/products.hpp"

#include <utility>

namespace support {

inline constexpr std::size_t sweep_extent = 20, sweep_files = 8, sweep_size = sweep_extent * sweep_extent * sweep_extent / sweep_files;

// Neighbours differ in type, in what is made of the product, in how its operands lie, and in whether there is a batch.
template <index M, index N, index K, bool TA, bool TB> void check_static_product() {
    using type = std::conditional_t<(M + N + K) % 2 == 0, float, double>;
    constexpr product p{.m = M, .n = N, .k = K, .ta = TA, .tb = TB, .batch = M % 4 == N % 4 ? 3 : 1, .apart = (M + K) % 3};
    constexpr bool combines = p.batch == 1 && kernels::goes_by_panels(TA, TB, M, N, K);
    constexpr epilogue end = (M + 2 * N + K) % 3 == 0 ? epilogue::plain : (M + 2 * N + K) % 3 == 2 && combines ? epilogue::combined : epilogue::biased;
    CAPTURE(M, N, K, TA, TB);
    CHECK(is_right_when_static<type, end, p>());
}
template <index M, index N, index K> void check_static_forms() {
    check_static_product<M, N, K, false, false>(), check_static_product<M, N, K, false, true>();
    check_static_product<M, N, K, true, false>(), check_static_product<M, N, K, true, true>();
}

template <std::size_t First, std::size_t... I> void check_static_products(std::index_sequence<I...>) {
    constexpr std::size_t e = sweep_extent;
    (check_static_forms<index((First + I) / (e * e) + 1), index((First + I) / e % e + 1), index((First + I) % e + 1)>(), ...);
}

/// The part of one file, a hundred products at a time.
template <std::size_t File> void sweep_static_products() {
    []<std::size_t... Part>(std::index_sequence<Part...>) {
        (check_static_products<File * sweep_size + Part * 100>(std::make_index_sequence<100>{}), ...);
    }(std::make_index_sequence<sweep_size / 100>{});
}

}  // namespace support
