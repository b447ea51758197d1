// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>

// Products of many neighbouring sizes, to find those that fall behind them. A sweep goes through the sizes 1 to `last`.
namespace cliffs {

struct cube {  // n x n x n
    static constexpr std::size_t m(std::size_t n) { return n; }
    static constexpr std::size_t k(std::size_t n) { return n; }
    static constexpr std::size_t n(std::size_t n) { return n; }
};
struct depth {  // 64 x n x 10
    static constexpr std::size_t m(std::size_t) { return 64; }
    static constexpr std::size_t k(std::size_t n) { return n; }
    static constexpr std::size_t n(std::size_t) { return 10; }
};
struct vector {  // 1 x n x n
    static constexpr std::size_t m(std::size_t) { return 1; }
    static constexpr std::size_t k(std::size_t n) { return n; }
    static constexpr std::size_t n(std::size_t n) { return n; }
};
struct outer {  // n x 1 x n
    static constexpr std::size_t m(std::size_t n) { return n; }
    static constexpr std::size_t k(std::size_t) { return 1; }
    static constexpr std::size_t n(std::size_t n) { return n; }
};

constexpr std::size_t last = 130;
constexpr std::size_t chunk = 26;  // sizes in one object file, so that the compiler's memory stays small

/// Adds the benchmarks of the sizes from First on.
template <class Sweep, std::size_t First> void add();

}  // namespace cliffs
