// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/kernels/machine.hpp"
#include "ashlar/kernels/right_rows.hpp"
#include "ashlar/kernels/vector.hpp"

// What is asked about a product before it is multiplied. Each way to multiply is a struct `multiplying<way>` beside its
// code; gemm.hpp takes the first that applies. The planner, the kernels and their checks ask that one choice.
namespace ashlar::kernels {

/// The ways to multiply, the first ones first. Those up to `dots` are code of
/// their own for static extents, the others are shared by all products.
enum class way : unsigned char { side_by_side, row_by_row, panels, dots, column, few_rows, row, tiles };

/// The two factors of a product: A is m x k, or k x m if transposed, B k x n, or n x k.
struct factors {
    bool are_static;  // their extents are, and they are worth code of their own
    bool transpose_a, transpose_b;
    std::ptrdiff_t m, n, k;
    right_rows rows = right_rows::exact;
    std::ptrdiff_t leading = 0;  // from one row of B to the next: it matters only where B is a column
};

/// Elements that a product packs at a time: those of B lie in front of those of A.
struct packing {
    std::ptrdiff_t right = 0, left = 0;
    constexpr std::ptrdiff_t size() const { return right + left; }
};

/// A way to multiply:
///   applies<T>(factors)       whether these may go this way
///   scratch<T>(factors)       what they pack then
///   hands_out_columns(f)      whether all rows of some columns come, in order, before those of others
///   is_one_tile<T>(m, n)      whether all operands are read before anything is handed out
///   run<T, ...>(..., out)     multiplies
template <way Way> struct multiplying;

/// Whether a way is code of its own for static extents.
constexpr bool is_expanded(way w) { return w <= way::dots; }

/// What most ways say.
struct packs_nothing {
    template <class T> static constexpr packing scratch(const factors&) { return {}; }
    static constexpr bool hands_out_columns(const factors&) { return false; }
    template <class T> static constexpr bool is_one_tile(std::ptrdiff_t, std::ptrdiff_t) { return false; }
};

/// Columns of a panel of B that lies packed.
template <class T> inline constexpr std::ptrdiff_t panel_width = machine::tile_vectors * lanes<T>;

/// Columns of the widest panel.
template <class T> inline constexpr std::ptrdiff_t most_columns = machine::widest_panel * lanes<T>;

namespace detail {

using machine::tile_rows, machine::tile_vectors, machine::widest_panel, machine::most_rows;

// ---- a transposed A ----

// Copied tile by tile where its columns are long: each of their elements lies on a cache line of its own.
constexpr bool packs_a(bool ta, std::ptrdiff_t m, std::ptrdiff_t n, std::ptrdiff_t k) {
    return ta && k >= machine::least_packed_terms && n >= machine::least_packed_columns &&
           m >= machine::least_packed_rows;
}

// Elements of a tile at one place along k.
template <class T>
inline constexpr std::ptrdiff_t packed_a_step = (tile_rows + lanes<T> - 1) / lanes<T> * lanes<T>;

constexpr std::ptrdiff_t tiles_of(std::ptrdiff_t m) { return (m + tile_rows - 1) / tile_rows; }
constexpr bool packs_a_at_once(std::ptrdiff_t m, std::ptrdiff_t k) {
    return tiles_of(m) * k * 8 <= machine::most_packed_left;
}

template <class T>
constexpr std::ptrdiff_t block_tiles(std::ptrdiff_t m, std::ptrdiff_t k) {
    const std::ptrdiff_t fit = machine::most_packed_left / (k * packed_a_step<T>), count = tiles_of(m);
    return fit > count || packs_a_at_once(m, k) ? count
           : fit < machine::least_block_tiles   ? machine::least_block_tiles
                                                : fit;
}
template <class T> constexpr std::ptrdiff_t packed_left_of(const factors& f) {
    return packs_a(f.transpose_a, f.m, f.n, f.k) ? block_tiles<T>(f.m, f.k) * f.k * packed_a_step<T> : 0;
}

// ---- which products are dot products ----

// A column, or few rows times a transposed B: dot products, as both factors are contiguous.
constexpr bool few_rows_by_dots(std::ptrdiff_t m, std::ptrdiff_t k) {
    return m <= machine::most_dot_rows && k >= machine::least_dot_terms;
}

// Static extents, a plain A, a transposed B: dot products in code of their own. They also beat tiles, for which B would
// be turned first, where A has some more rows or B has few: these by any number of rows.
constexpr bool outputs_by_dots(std::ptrdiff_t n, std::ptrdiff_t k) {
    return n > 1 && k <= machine::most_dot_terms &&
           ((n <= machine::few_outputs && k >= machine::least_dot_terms) ||
            (n <= machine::some_outputs && k >= machine::long_dot_terms));
}
constexpr bool dots_in_place(std::ptrdiff_t m, std::ptrdiff_t n, std::ptrdiff_t k) {
    const bool few_rows = few_rows_by_dots(m, k) || (m <= 2 * machine::most_dot_rows && k >= machine::long_dot_terms);
    return m > 0 && n > 1 && k <= machine::most_dot_terms && (few_rows || outputs_by_dots(n, k));
}
constexpr bool by_dots(std::ptrdiff_t m, std::ptrdiff_t n, std::ptrdiff_t k) {
    return few_rows_by_dots(m, k) || dots_in_place(m, n, k);
}

// ---- products of static extents: the panels that they go by ----

// Vectors of the next panel where so many are left: one row takes up to eight. A last one alone would be read for few
// products: the last three go together.
constexpr std::ptrdiff_t most_vectors(std::ptrdiff_t rows, std::ptrdiff_t left, std::ptrdiff_t widest = widest_panel) {
    if (rows > 1) return left == widest ? widest : left >= 2 ? 2 : 1;
    return left >= 8 ? 8 : left >= 4 ? 4 : left >= 2 ? 2 : 1;
}
// How many such panels before others, of which `whole` would be full.
constexpr std::ptrdiff_t panels_of(std::ptrdiff_t rows, std::ptrdiff_t left, std::ptrdiff_t widest,
                                   std::ptrdiff_t whole) {
    return rows > 1 && widest % 2 == 1 && left % 2 == 1 && left > widest ? (left - widest) / 2 : whole;
}

// Panels from column j on: `count` of `vectors` vectors each, whose
// last vector has `last` lanes; then those from column `next` on.
struct panel_group {
    std::ptrdiff_t vectors, count, last, next;
};
template <class T>
constexpr panel_group panels_from(std::ptrdiff_t m, std::ptrdiff_t n, std::ptrdiff_t j, std::ptrdiff_t widest) {
    constexpr std::ptrdiff_t width = lanes<T>;
    const std::ptrdiff_t left = (n - j + width - 1) / width, vectors = most_vectors(m, left, widest),
                         full = vectors * width;
    const std::ptrdiff_t whole = panels_of(m, left, widest, (n - j) / full);
    if (whole > 0) return {vectors, whole, width, j + whole * full};
    const std::ptrdiff_t columns = n - j < full ? n - j : full;
    return {vectors, 1, columns - (vectors - 1) * width, j + columns};
}

// Lanes of a tile's vectors: N of fewer than all are a panel by themselves. (Long sums go in blocks of native ones.)
template <class T>
constexpr std::ptrdiff_t tile_lanes(std::ptrdiff_t n, std::ptrdiff_t k) {
    return k < machine::least_passing_terms ? lanes_for<T>(n) : lanes<T>;
}

// Is a transposed B read where it lies, lane by lane?
constexpr bool gathers(std::ptrdiff_t m, std::ptrdiff_t n, std::ptrdiff_t k) {
    return m <= machine::most_gathered_rows && k < machine::gathered_below && n * k <= machine::most_gathered;
}

// Few tiles of a large B copy its panels in passing.
constexpr bool copies_in_passing(std::ptrdiff_t m, std::ptrdiff_t k) {
    return m <= machine::most_passing_rows && k >= machine::least_passing_terms;
}

// Panels of B that are packed together where A is larger than the caches that are close.
template <class T>
constexpr std::ptrdiff_t panels_together(bool copied, std::ptrdiff_t m, std::ptrdiff_t n, std::ptrdiff_t k) {
    constexpr auto size = static_cast<std::ptrdiff_t>(sizeof(T));
    if (k * n <= machine::most_unpacked || m * k * size <= machine::panels_in_cache ||
        (copied && copies_in_passing(m, k)))
        return 1;
    const std::ptrdiff_t fit = machine::panels_in_cache / (k * panel_width<T> * size), whole = n / panel_width<T>;
    return fit < 1 || whole < 1 ? 1 : fit < whole ? fit : whole;
}

// Is a panel of B copied? Also one whose columns do not fill its vectors, if it is read often.
template <class T>
constexpr bool packs_panel(bool tb, right_rows rows, std::ptrdiff_t m, std::ptrdiff_t n, std::ptrdiff_t k,
                           std::ptrdiff_t last) {
    if (lie_packed(rows)) return false;
    if (tb) return !gathers(m, n, k);
    const bool full = machine::has_avx512 || rows == right_rows::wide || last == tile_lanes<T>(n, k);
    return m > machine::rows_without_copy && (!full || k * n > machine::most_unpacked);
}

// Static extents whose tiles get code of their own.
constexpr bool by_static_tiles(const factors& f) {
    const bool ta = f.transpose_a, tb = f.transpose_b;
    if (!f.are_static || f.m <= 0 || f.n <= 0 || f.k <= 0 || (packs_a(ta, f.m, f.n, f.k) && !packs_a_at_once(f.m, f.k)))
        return false;
    if (f.n == 1 && f.k >= machine::least_dot_terms) return false;  // dot products
    if (tb) return gathers(f.m, f.n, f.k) || (f.m > 1 && (ta || !by_dots(f.m, f.n, f.k)));
    return true;
}

// Elements of B that lie packed at a time.
template <class T> constexpr std::ptrdiff_t packed_by_panels(const factors& f) {
    const std::ptrdiff_t m = f.m, n = f.n, k = f.k;
    const std::ptrdiff_t widest = packs_a(f.transpose_a, m, n, k) ? tile_vectors : widest_panel,
                         together = panels_together<T>(!f.transpose_b, m, n, k);
    std::ptrdiff_t most = 0;
    for (std::ptrdiff_t j = 0; j < n;) {
        const panel_group g = panels_from<T>(m, n, j, widest);
        const std::ptrdiff_t panels = g.vectors != tile_vectors ? 1 : g.count < together ? g.count : together;
        const bool packs = packs_panel<T>(f.transpose_b, f.rows, m, n, k, g.last);
        const std::ptrdiff_t packed = packs ? panels * k * g.vectors * lanes<T> : 0;
        most = packed > most ? packed : most;
        j = g.next;
    }
    return most;
}

// ---- products of run-time extents: panels of two vectors, one at a time ----

// Is a panel of so many columns, in so many vectors, copied? Plain: its rows lie in B as rows.
template <class T>
constexpr bool packs_shared_panel(bool plain, std::ptrdiff_t n, std::ptrdiff_t k, std::ptrdiff_t columns,
                                  std::ptrdiff_t vectors) {
    return !plain || columns != vectors * lanes<T> || k * n > machine::most_unpacked;
}
template <class T>
constexpr std::ptrdiff_t packed_by_tiles(bool tb, std::ptrdiff_t n, std::ptrdiff_t k, right_rows rows) {
    if (lie_packed(rows)) return 0;
    std::ptrdiff_t most = 0;
    for (const std::ptrdiff_t columns :
         {n < panel_width<T> ? n : panel_width<T>, n % panel_width<T>}) {  // the first and the last one
        const std::ptrdiff_t vectors = columns > lanes<T> ? 2 : 1;
        const std::ptrdiff_t packed =
            columns > 0 && packs_shared_panel<T>(!tb, n, k, columns, vectors) ? k * vectors * lanes<T> : 0;
        most = packed > most ? packed : most;
    }
    return most;
}

}  // namespace detail

}  // namespace ashlar::kernels
