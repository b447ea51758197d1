// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>

namespace ashlar::kernels {

/// What may be read of the rows of a right operand that is not transposed: their elements; whole vectors, beyond the
/// last column; or there are no such rows, as it lies in panels of some columns, all rows of one after the other.
enum class right_rows : unsigned char { exact, wide, panels };

constexpr bool lie_packed(right_rows rows) { return rows == right_rows::panels; }
constexpr bool end_in_vectors(right_rows rows) { return rows != right_rows::exact; }

/// Where the columns of a right operand of k rows begin, and how far apart its rows are. Width: columns of a panel.
struct right_columns {
    bool transposed;
    right_rows rows;
    std::ptrdiff_t width, leading, k;
    std::ptrdiff_t step = transposed ? 1 : lie_packed(rows) ? width : leading;

    constexpr std::ptrdiff_t offset(std::ptrdiff_t j) const {
        return transposed ? j * leading : lie_packed(rows) ? j / width * width * k + j % width : j;
    }
};

}  // namespace ashlar::kernels
