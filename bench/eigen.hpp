// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <Eigen/Core>

#include <cstddef>

namespace bench {

// Eigen is fastest with static extents while matrices are small; large ones it would block through the stack.
constexpr int static_limit = 128 * 128;

template <int Rows, int Cols> constexpr bool is_static = Rows == 1 || Cols == 1 || Rows * Cols <= static_limit;

template <int Rows, int Cols>
using eigen_matrix =
    Eigen::Matrix<float, is_static<Rows, Cols> ? Rows : Eigen::Dynamic, is_static<Rows, Cols> ? Cols : Eigen::Dynamic,
                  Cols == 1 && Rows != 1 ? Eigen::ColMajor : Eigen::RowMajor>;

/// Row-major memory, 64-byte aligned, as a matrix of Eigen.
template <std::size_t Rows, std::size_t Cols> auto as_eigen(float* data) {
    using matrix = eigen_matrix<static_cast<int>(Rows), static_cast<int>(Cols)>;
    return Eigen::Map<matrix, Eigen::Aligned64>(data, static_cast<Eigen::Index>(Rows), static_cast<Eigen::Index>(Cols));
}
template <std::size_t Rows, std::size_t Cols> auto as_eigen(const float* data) {
    using matrix = eigen_matrix<static_cast<int>(Rows), static_cast<int>(Cols)>;
    return Eigen::Map<const matrix, Eigen::Aligned64>(data, static_cast<Eigen::Index>(Rows),
                                                      static_cast<Eigen::Index>(Cols));
}

}  // namespace bench
