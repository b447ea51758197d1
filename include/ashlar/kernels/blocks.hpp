// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/kernels/simd.hpp"

// Long sums of products. Their errors grow with the number of products: after so many
// of them a sum begins anew, and is added to a sum of such blocks; after 32 blocks that
// does the same. The last block is up to twice as long: what is short goes without.
namespace ashlar::kernels::detail {

inline constexpr std::ptrdiff_t block_length = 512, blocks_together = 32;

constexpr bool goes_in_blocks(std::ptrdiff_t k) { return k > 2 * block_length; }
constexpr std::ptrdiff_t next_block(std::ptrdiff_t left, std::ptrdiff_t length = block_length) {
    return left > 2 * length ? length : left;
}

// Called rarely: never inlined, and small.
template <class T>
[[gnu::noinline, gnu::cold]] void add_block(vec<T>* recent, vec<T>* old, std::ptrdiff_t n, std::ptrdiff_t number,
                                            const vec<T>* sums) {
    const bool first = number % blocks_together == 0, last = (number + 1) % blocks_together == 0;
    for (std::ptrdiff_t i = 0; i < n; ++i) recent[i] = first ? sums[i] : recent[i] + sums[i];
    for (std::ptrdiff_t i = 0; i < n && last; ++i) old[i] = number < blocks_together ? recent[i] : old[i] + recent[i];
}
template <class T>
[[gnu::noinline, gnu::cold]] void add_blocks_to(vec<T>* sums, const vec<T>* recent, const vec<T>* old, std::ptrdiff_t n,
                                                std::ptrdiff_t number) {
    for (std::ptrdiff_t i = 0; i < n && number % blocks_together != 0; ++i) sums[i] = recent[i] + sums[i];
    for (std::ptrdiff_t i = 0; i < n && number >= blocks_together; ++i) sums[i] = old[i] + sums[i];
}

/// The blocks of N vectors of sums that have ended.
template <class T, std::ptrdiff_t N>
struct blocks {
    vec<T> recent[bound_of(N)], old[bound_of(N)];
    std::ptrdiff_t number;
    ASHLAR_INLINE blocks() : number{0} {}  // and nothing else
    ASHLAR_INLINE void add(const vec<T>* sums) { add_block<T>(recent, old, N, number++, sums); }
    ASHLAR_INLINE void end(vec<T>* sums) const {
        if (number > 0) add_blocks_to<T>(sums, recent, old, N, number);
    }
};

}  // namespace ashlar::kernels::detail
