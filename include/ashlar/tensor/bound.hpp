// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>

namespace ashlar {

/// A count known while compiling as the bound of an array: counts
/// are signed here, and -Wsign-conversion looks at bounds.
consteval std::size_t bound_of(std::ptrdiff_t n) { return static_cast<std::size_t>(n); }

}  // namespace ashlar
