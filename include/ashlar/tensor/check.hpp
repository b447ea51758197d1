// SPDX-License-Identifier: BSL-1.0
#pragma once

namespace ashlar {

/// Whether what may be wrong at run time only is looked at: a class label that no class has, the
/// scratch of a step. What is found is fatal. True where the program is built to find faults (`-O0`
/// and no NDEBUG, or -DASHLAR_CHECK); elsewhere such a look costs nothing, for it is not there.
#if defined(ASHLAR_CHECK) || (!defined(NDEBUG) && !defined(__OPTIMIZE__))
inline constexpr bool checks = true;
#else
inline constexpr bool checks = false;
#endif

}  // namespace ashlar
