// SPDX-License-Identifier: BSL-1.0
#pragma once

// What is inlined from a kernel's entry down to its tile. g++ optimises a function that is always inlined at each of
// the levels that it goes through, cumulatively: a fifth of its time. Where the entry is flattened it does so once.
// clang inlines first and optimises then, and flattens one level only.
#if defined(__OPTIMIZE__) && !defined(__clang__)
    #define ASHLAR_INLINE
    #define ASHLAR_FLATTEN __attribute__((flatten))
#else
    #define ASHLAR_INLINE __attribute__((always_inline))
    #define ASHLAR_FLATTEN
#endif
