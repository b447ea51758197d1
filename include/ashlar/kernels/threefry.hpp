// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/kernels/vector.hpp"

namespace ashlar::kernels {

/// Two words for a counter of two words and a key of two words: Threefry-2x32 with 13 rounds (Salmon et al., "Parallel
/// random numbers: as easy as 1, 2, 3", 2011: the fewest that pass BigCrush). Of whole numbers of 32 bits, or vectors
/// of them: additions, shifts and exclusive ors only, so the numbers are the same everywhere.
template <class V> struct two_words {
    V first, second;
};
template <class U> constexpr two_words<U> threefry(U c0, U c1, U k0, U k1) {
    constexpr int rotations[] = {13, 15, 26, 6, 17, 29, 16, 24};
    const U keys[] = {k0, k1, k0 ^ k1 ^ splat<U>(0x1BD11BDAu)};
    c0 += k0, c1 += k1;
    for (int round = 0; round < 13; ++round) {
        const int by = rotations[round % 8];
        c0 += c1;
        c1 = ((c1 << by) | (c1 >> (32 - by))) ^ c0;
        if (round % 4 != 3) continue;
        const int injection = round / 4 + 1;
        c0 += keys[injection % 3];
        c1 += keys[(injection + 1) % 3] + splat<U>(static_cast<std::uint32_t>(injection));
    }
    return {c0, c1};
}

}  // namespace ashlar::kernels
