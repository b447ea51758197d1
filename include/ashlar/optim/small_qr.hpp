// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/sqrt.hpp"

#include <cstddef>

// Small linear least squares in double: min |A x - b| by Householder's reflections with exchanged columns (Golub and
// Van Loan, Matrix Computations, 4th ed., algorithm 5.4.1), in place and without a square of A. Products are rounded
// before they are added: one number on every machine.
namespace ashlar::detail {

/// A matrix of N columns, row after row, with the right side beside it. The memory is the caller's.
template <std::size_t N> struct small_qr {
    double* a;  // rows x N; then R in its upper triangle
    double* b;  // rows; then Q^T b
    std::size_t rows;
    std::size_t column[N];  // of A, where R has its columns
    std::size_t rank = 0;

    constexpr small_qr(double* matrix, double* right, std::size_t n_rows)
        : a{matrix}, b{right}, rows{n_rows}, column{} {
        for (std::size_t i = 0; i < N; ++i) column[i] = i;
    }

    /// To R and Q^T b. Its rank: columns whose rest is below the rounding errors of the largest one do not count;
    /// `rounding` is that of the numbers in A.
    constexpr void reduce(double rounding = 0x1p-52) {
        double first = 0;
        const std::size_t steps = rows < N ? rows : N;
        for (rank = 0; rank < steps; ++rank) {
            const double norm = take_largest(rank);
            if (rank == 0) first = norm;
            if (!(norm > first * static_cast<double>(rows < N ? N : rows) * rounding)) break;
            reflect(rank, norm);
        }
    }
    /// x with R x = Q^T b; columns beyond the rank have 0.
    constexpr void solve(double* x) const {
        double y[N]{};
        for (std::size_t k = rank; k-- > 0;) {
            double sum = b[k];
            for (std::size_t j = k + 1; j < rank; ++j) sum -= kernels::rounded(a[k * N + j] * y[j]);
            y[k] = sum / a[k * N + k];
        }
        for (std::size_t k = 0; k < N; ++k) x[column[k]] = y[k];
    }

private:
    constexpr double rest_of(std::size_t k, std::size_t from) const {
        double sum = 0;
        for (std::size_t i = from; i < rows; ++i) sum += kernels::rounded(a[i * N + k] * a[i * N + k]);
        return kernels::sqrt(sum);
    }
    // The column with the largest rest to place k. nan comes first, so that it is in the result.
    constexpr double take_largest(std::size_t k) {
        double largest = rest_of(k, k);
        std::size_t best = k;
        for (std::size_t j = k + 1; j < N; ++j)
            if (const double norm = rest_of(j, k); norm > largest || norm != norm) largest = norm, best = j;
        const std::size_t other = column[k];
        column[k] = column[best], column[best] = other;
        for (std::size_t i = 0; i < rows && best != k; ++i) {
            const double x = a[i * N + k];
            a[i * N + k] = a[i * N + best], a[i * N + best] = x;
        }
        return largest;
    }
    // Column k below the diagonal to 0 by I - 2 v v^T / v^T v; v takes the place of the column meanwhile.
    constexpr void reflect(std::size_t k, double norm) {
        double& pivot = a[k * N + k];
        const double diagonal = pivot > 0 ? -norm : norm;
        const double half = kernels::rounded(norm * norm) - kernels::rounded(diagonal * pivot);  // v^T v / 2
        pivot -= diagonal;
        for (std::size_t j = k + 1; j < N; ++j) reflect_one(k, half, a + j, N);
        reflect_one(k, half, b, 1);
        pivot = diagonal;
        for (std::size_t i = k + 1; i < rows; ++i) a[i * N + k] = 0;
    }
    constexpr void reflect_one(std::size_t k, double half, double* to, std::size_t stride) const {
        double dot = 0;
        for (std::size_t i = k; i < rows; ++i) dot += kernels::rounded(a[i * N + k] * to[i * stride]);
        const double share = dot / half;
        for (std::size_t i = k; i < rows; ++i) to[i * stride] -= kernels::rounded(share * a[i * N + k]);
    }
};

}  // namespace ashlar::detail
