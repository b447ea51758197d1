// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/kernels/gemm_narrow.hpp"

// How a product is multiplied and what it packs, in one place:
// the plan reserves scratch by it, the kernels go and pack by it.
namespace ashlar::kernels {

/// The ways to multiply: expanded in place for static extents
/// (the first ones), or through code that all products share.
enum class way : unsigned char { panels, side_by_side, row_by_row, dots, column, few_rows, row, tiles };

/// Whether a way is code of its own for static extents.
constexpr bool is_expanded(way w) { return w <= way::dots; }

namespace detail {

// ---- which products are dot products ----

// A column, or few rows times a transposed B: dot products, as both factors are contiguous.
constexpr bool column_dots(std::ptrdiff_t n, std::ptrdiff_t ldb, bool tb) { return n == 1 && (tb || ldb == 1); }

inline constexpr std::ptrdiff_t most_dot_rows = 4;
constexpr bool few_rows_by_dots(std::ptrdiff_t m, std::ptrdiff_t k) { return m <= most_dot_rows && k >= 8; }

// Static extents, a plain A, a transposed B: dot products in code of their own. They also beat tiles, for which B would
// be turned first, where A has some more rows or B has few: these by any number of rows.
constexpr bool outputs_by_dots(std::ptrdiff_t n, std::ptrdiff_t k) {
    return n > 1 && k <= 128 && ((n <= 4 && k >= 8) || (n <= 12 && k >= 32));
}
constexpr bool dots_in_place(std::ptrdiff_t m, std::ptrdiff_t n, std::ptrdiff_t k) {
    const bool few_rows = few_rows_by_dots(m, k) || (m <= 2 * most_dot_rows && k >= 32);
    return m > 0 && n > 1 && k <= 128 && (few_rows || outputs_by_dots(n, k));
}
constexpr bool by_dots(std::ptrdiff_t m, std::ptrdiff_t n, std::ptrdiff_t k) {
    return few_rows_by_dots(m, k) || dots_in_place(m, n, k);
}

// ---- products of static extents: the panels that they go by ----

// Rows of a tile of C vectors: sums enough to hide the latency, few enough for the registers.
constexpr std::ptrdiff_t most_rows(std::ptrdiff_t vectors) {
    return vectors == 1 ? 8 : vectors == 2 ? 6 : vectors == 3 ? 4 : 1;
}

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

// Is a transposed B read where it lies, lane by lane?
constexpr bool gathers(std::ptrdiff_t m, std::ptrdiff_t n, std::ptrdiff_t k) { return m <= 8 && k < 8 && n * k <= 64; }

// Is a panel of B copied? Also one whose columns do not fill its vectors, if it is read often.
template <class T>
constexpr bool packs_panel(bool tb, right_rows rows, std::ptrdiff_t m, std::ptrdiff_t n, std::ptrdiff_t k,
                           std::ptrdiff_t last) {
    if (rows == right_rows::panels) return false;
    if (tb) return !gathers(m, n, k);
    const bool full = rows == right_rows::wide || last == lanes<T>;
    return m > 24 && (!full || k * n > unpacked_limit);
}

// Static extents whose tiles get code of their own.
constexpr bool by_static_tiles(bool ta, bool tb, std::ptrdiff_t m, std::ptrdiff_t n, std::ptrdiff_t k) {
    if (m <= 0 || n <= 0 || k <= 0 || (packs_a(ta, m, n, k) && !packs_a_at_once(m, k))) return false;
    if (n == 1 && k >= 8) return false;  // dot products
    if (tb) return gathers(m, n, k) || (m > 1 && (ta || !by_dots(m, n, k)));
    return true;
}

// Elements of B that lie packed at a time.
template <class T>
constexpr std::ptrdiff_t packed_by_panels(bool ta, bool tb, std::ptrdiff_t m, std::ptrdiff_t n, std::ptrdiff_t k,
                                          right_rows rows) {
    const std::ptrdiff_t widest = packs_a(ta, m, n, k) ? tile_vectors : widest_panel,
                         together = panels_together<T>(!tb, m, n, k);
    std::ptrdiff_t most = 0;
    for (std::ptrdiff_t j = 0; j < n;) {
        const panel_group g = panels_from<T>(m, n, j, widest);
        const std::ptrdiff_t panels = g.vectors != tile_vectors ? 1 : g.count < together ? g.count : together;
        const std::ptrdiff_t packed = packs_panel<T>(tb, rows, m, n, k, g.last) ? panels * k * g.vectors * lanes<T> : 0;
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
    return !plain || columns != vectors * lanes<T> || k * n > unpacked_limit;
}
template <class T>
constexpr std::ptrdiff_t packed_by_tiles(bool tb, std::ptrdiff_t n, std::ptrdiff_t k, right_rows rows) {
    if (rows == right_rows::panels) return 0;
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

/// The way for these extents; `expand` says that they are static and worth code of their own. B's leading dimension
/// matters only for a column.
template <class T>
constexpr way way_of(bool expand, bool ta, bool tb, std::ptrdiff_t m, std::ptrdiff_t n, std::ptrdiff_t k,
                     std::ptrdiff_t ldb, right_rows rows = right_rows::exact) {
    if (expand && detail::by_static_tiles(ta, tb, m, n, k)) {
        if (detail::fits_side_by_side<T>(ta, tb, m, n, k)) return way::side_by_side;
        return detail::goes_row_by_row<T>(tb, m, n, k, rows) ? way::row_by_row : way::panels;
    }
    if (expand && !ta && tb && detail::dots_in_place(m, n, k)) return way::dots;
    if (!ta && detail::column_dots(n, ldb, tb)) return way::column;
    if (!ta && tb && detail::few_rows_by_dots(m, k)) return way::few_rows;
    return !tb && m == 1 ? way::row : way::tiles;
}

/// Elements that a product packs at a time when it goes this way: those of B lie in front of those of A.
struct packing {
    std::ptrdiff_t right = 0, left = 0;
    constexpr std::ptrdiff_t size() const { return right + left; }
};
template <class T>
constexpr packing packing_of(way w, bool ta, bool tb, std::ptrdiff_t m, std::ptrdiff_t n, std::ptrdiff_t k,
                             right_rows rows) {
    if (w != way::panels && w != way::tiles) return {};
    return {w == way::panels ? detail::packed_by_panels<T>(ta, tb, m, n, k, rows)
                             : detail::packed_by_tiles<T>(tb, n, k, rows),
            detail::packs_a(ta, m, n, k) ? detail::block_tiles<T>(m, k) * k * detail::packed_a_step<T> : 0};
}

/// Whether every way of such a product hands out all rows of some columns, in order, before it goes on to others.
constexpr bool goes_by_panels(bool ta, bool tb, std::ptrdiff_t m, std::ptrdiff_t n, std::ptrdiff_t k) {
    return m > 1 && n > 1 && !(!ta && tb && detail::by_dots(m, n, k)) &&
           (!detail::packs_a(ta, m, n, k) || detail::packs_a_at_once(m, k));
}

/// Columns of a panel.
template <class T>
inline constexpr std::ptrdiff_t most_columns = detail::widest_panel * lanes<T>;

/// Whether a product of static extents reads all of its operands before it hands out anything: it is one tile.
template <class T>
constexpr bool is_one_tile(way w, std::ptrdiff_t m, std::ptrdiff_t n) {
    const std::ptrdiff_t vectors = (n + lanes<T> - 1) / lanes<T>;
    if (w == way::dots) return m == 1 && n <= detail::dot_rows<T>;
    if (w == way::side_by_side) return m * n <= detail::most_narrow_vectors * lanes<T>;
    return w == way::panels && vectors == detail::most_vectors(m, vectors) && m <= detail::most_rows(vectors);
}

}  // namespace ashlar::kernels
