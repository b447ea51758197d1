// SPDX-License-Identifier: BSL-1.0
// Products of parts of a tensor, transposed and not: a part that begins at
// 0 is not the whole. Values and both derivatives beside written-out loops.
#include <ashlar/ashlar.hpp>

#include "support/catch.hpp"
#include "support/central_difference.hpp"
#include "support/fill.hpp"

#include <cstddef>

using namespace ashlar;

namespace {

// Where a part of a matrix lies: rows and columns from a first one on.
struct part {
    std::size_t row, column, rows, columns;
};

template <part P> auto taken(auto x) {
    return slice<1, static_cast<std::ptrdiff_t>(P.column), static_cast<std::ptrdiff_t>(P.column + P.columns)>(
        slice<0, static_cast<std::ptrdiff_t>(P.row), static_cast<std::ptrdiff_t>(P.row + P.rows)>(x));
}

// y = A B^T or A^T B^T or A^T B of two parts of one x, s = sum(y * y) / 2: both derivatives of s by hand.
template <part A, part B, bool TransposeA, bool TransposeB> void check() {
    constexpr std::size_t R = 4, C = 5, all = R * C;
    constexpr std::size_t m = TransposeA ? A.columns : A.rows, k = TransposeA ? A.rows : A.columns,
                          n = TransposeB ? B.rows : B.columns;
    CAPTURE(A.row, A.column, A.rows, A.columns, B.row, B.column, B.rows, B.columns, TransposeA, TransposeB);
    Tensor<double, R, C> storage, direction;
    support::fill(storage, 3), support::fill(direction, 8);
    const auto x = variable<"x">(storage);
    const auto product = [](auto t) {
        if constexpr (TransposeA && TransposeB) return matmul(transpose(taken<A>(t)), transpose(taken<B>(t)));
        else if constexpr (TransposeA) return matmul(transpose(taken<A>(t)), taken<B>(t));
        else return matmul(taken<A>(t), transpose(taken<B>(t)));
    };
    const auto half = sum(square(product(x))) / 2;
    const Tensor<double, m, n> y = product(x);
    const Tensor<double, R, C> first = grad(half, x), second = grad(sum(grad(half, x) * direction), x);

    // Where element (i, p) of the left operand, or (p, j) of the right one, lies in x.
    const auto left = [](std::size_t i, std::size_t p) {
        return (A.row + (TransposeA ? p : i)) * C + A.column + (TransposeA ? i : p);
    };
    const auto right = [](std::size_t p, std::size_t j) {
        return (B.row + (TransposeB ? j : p)) * C + B.column + (TransposeB ? p : j);
    };
    double value[m * n]{}, moved[m * n]{}, gradient[all]{}, curve[all]{};
    const double *v = storage.data(), *d = direction.data();
    for (std::size_t i = 0; i < m; ++i)
        for (std::size_t j = 0; j < n; ++j)
            for (std::size_t p = 0; p < k; ++p) {
                value[i * n + j] += v[left(i, p)] * v[right(p, j)];
                moved[i * n + j] += d[left(i, p)] * v[right(p, j)] + v[left(i, p)] * d[right(p, j)];
            }
    for (std::size_t i = 0; i < m; ++i)
        for (std::size_t j = 0; j < n; ++j)
            for (std::size_t p = 0; p < k; ++p) {
                const std::size_t l = left(i, p), r = right(p, j), e = i * n + j;
                gradient[l] += value[e] * v[r], gradient[r] += value[e] * v[l];
                curve[l] += moved[e] * v[r] + value[e] * d[r], curve[r] += moved[e] * v[l] + value[e] * d[l];
            }
    for (std::size_t e = 0; e < m * n; ++e) CHECK(y.data()[e] == value[e]);
    for (std::size_t e = 0; e < all; ++e) {
        CHECK(first.data()[e] == gradient[e]);
        CHECK(second.data()[e] == curve[e]);
    }
}

}  // namespace

TEST_CASE("products of parts that begin at 0", "[matmul]") {
    check<part{0, 0, 3, 3}, part{0, 0, 3, 3}, false, true>();
    check<part{0, 0, 4, 2}, part{0, 2, 4, 2}, true, false>();
    check<part{0, 0, 2, 3}, part{0, 0, 4, 2}, true, true>();
}

TEST_CASE("attention between parts of one tensor", "[matmul]") {
    const auto ones = Tensor<double, 3, 4>::ones();
    const auto x = variable<"x">(ones);
    const auto [k, q] = split<1, 2, 2>(x);
    const Tensor<double, 3, 4> g = grad(sum(matmul(q, transpose(k))), x);
    for (std::size_t i = 0; i < 12; ++i) CHECK(g.data()[i] == 3);

    const Tensor<double, 2, 3, 4> batch =
        Tensor<double, 2, 3, 4>::generate([](std::size_t b, std::size_t i, std::size_t j) {
            return 0.3 * double(b) + std::sin(double(i) + 2.1 * double(j));
        });
    CHECK(support::central_difference_error([](auto t) {
              const auto [query, key] = split<1, 1, 2>(t);
              return matmul(query, transpose(key));
          }, batch) < 1e-8);
}
